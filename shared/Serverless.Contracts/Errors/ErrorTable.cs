namespace Serverless.Contracts.Errors;

/// <summary>The one table that turns an <see cref="ErrorKind"/> into statuses, codes and reasons.</summary>
public static class ErrorTable
{
    private const string Invalid = "invalid_request_error";
    private const string Server = "server_error";

    // 499 is the de-facto status for "client closed request"; nobody is left to read it, but logs and metrics are.
    private static readonly Dictionary<ErrorKind, ErrorMapping> Mappings = new()
    {
        [ErrorKind.InvalidRequest] = new(400, Invalid, "invalid_request", "InvalidRequest", Retriable: false),
        [ErrorKind.Unauthenticated] = new(401, Invalid, "invalid_api_key", "Unauthenticated", Retriable: false),
        [ErrorKind.BudgetSpent] = new(402, "insufficient_quota", "budget_spent", "BudgetSpent", Retriable: false),
        [ErrorKind.Forbidden] = new(403, "permission_error", "forbidden", "Forbidden", Retriable: false),
        [ErrorKind.ModelNotFound] = new(404, Invalid, "model_not_found", "ModelNotFound", Retriable: false),
        [ErrorKind.NotFound] = new(404, Invalid, "not_found", "NotFound", Retriable: false),
        [ErrorKind.MethodNotAllowed] = new(405, Invalid, "method_not_allowed", "MethodNotAllowed", Retriable: false),
        [ErrorKind.Conflict] = new(409, Invalid, "conflict", "Conflict", Retriable: false),
        [ErrorKind.PayloadTooLarge] = new(413, Invalid, "request_too_large", "PayloadTooLarge", Retriable: false),
        [ErrorKind.UnsupportedMediaType] = new(415, Invalid, "unsupported_media_type", "UnsupportedMediaType", Retriable: false),
        [ErrorKind.Overloaded] = new(429, "rate_limit_error", "overloaded", "Overloaded", Retriable: true),
        [ErrorKind.DailyBudgetSpent] = new(429, "insufficient_quota", "daily_budget_spent", "DailyBudgetSpent", Retriable: true),
        [ErrorKind.Cancelled] = new(499, Invalid, "cancelled", "Cancelled", Retriable: false),
        [ErrorKind.Internal] = new(500, Server, "internal_error", "InternalError", Retriable: false),
        [ErrorKind.NotImplemented] = new(501, Invalid, "not_implemented", "NotImplemented", Retriable: false),
        [ErrorKind.WorkerUnreachable] = new(502, Server, "worker_unreachable", "WorkerUnreachable", Retriable: true),
        [ErrorKind.ModelUnavailable] = new(503, Server, "model_unavailable", "ModelUnavailable", Retriable: true),
        [ErrorKind.DeadlineExceeded] = new(504, Server, "deadline_exceeded", "DeadlineExceeded", Retriable: true),
    };

    /// <summary>What <paramref name="kind"/> means on every wire.</summary>
    public static ErrorMapping Of(ErrorKind kind) => Mappings[kind];
}
