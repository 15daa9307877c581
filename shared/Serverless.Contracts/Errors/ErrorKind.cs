namespace Serverless.Contracts.Errors;

/// <summary>
/// Every way in which a request can fail; <see cref="ErrorTable"/> says what each means on every wire.
/// </summary>
public enum ErrorKind
{
    /// <summary>The request is malformed or does not fit the model; sending it again cannot help.</summary>
    InvalidRequest,

    /// <summary>No key, or a key that is not known.</summary>
    Unauthenticated,

    /// <summary>The key is known but may not do this.</summary>
    Forbidden,

    /// <summary>The model, its version or its alias does not exist.</summary>
    ModelNotFound,

    /// <summary>The tenant's budget for the month is spent; only an operator, or the next month, can help.</summary>
    BudgetSpent,

    /// <summary>The tenant's budget for the day is spent; retry after the given time, when the next day has begun.</summary>
    DailyBudgetSpent,

    /// <summary>The path or the object it names does not exist.</summary>
    NotFound,

    /// <summary>The path exists, but not with this HTTP method.</summary>
    MethodNotAllowed,

    /// <summary>The request contradicts what is stored already.</summary>
    Conflict,

    /// <summary>The body is larger than the limit that the message names.</summary>
    PayloadTooLarge,

    /// <summary>The content type or encoding is not one of those supported.</summary>
    UnsupportedMediaType,

    /// <summary>The queue for this work is full; retry after the given time.</summary>
    Overloaded,

    /// <summary>The caller left before the answer was ready.</summary>
    Cancelled,

    /// <summary>A defect in the platform or in the model's execution.</summary>
    Internal,

    /// <summary>A feature of the protocol that this platform does not offer.</summary>
    NotImplemented,

    /// <summary>The worker could not be reached, or was lost before it answered.</summary>
    WorkerUnreachable,

    /// <summary>The model exists but cannot be served now; the message says why.</summary>
    ModelUnavailable,

    /// <summary>The answer was not ready within the caller's deadline.</summary>
    DeadlineExceeded,
}
