using System.Globalization;
using Grpc.Core;
using Serverless.Contracts.Errors;

namespace Serverless.Worker.Grpc;

/// <summary>What errors are in gRPC's codes: those that belong to the HTTP status which the error table gives a kind.</summary>
internal static class GrpcErrors
{
    // gRPC's own retry policies read it: milliseconds to wait, or no retry at all.
    private const string Pushback = "grpc-retry-pushback-ms";

    public static RpcException ToException(InferenceError error)
    {
        var trailers = new Metadata();
        if (error.RetryAfter is { } wait)
            trailers.Add(Pushback, ((long)Math.Ceiling(wait.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture));
        return new RpcException(new Status(CodeOf(error.Kind), error.Message), trailers);
    }

    public static StatusCode CodeOf(ErrorKind kind) => ErrorTable.Of(kind).Status switch
    {
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.NotFound,
        405 or 501 => StatusCode.Unimplemented,
        409 => StatusCode.FailedPrecondition,
        413 or 429 => StatusCode.ResourceExhausted,
        499 => StatusCode.Cancelled,
        502 or 503 => StatusCode.Unavailable,
        504 => StatusCode.DeadlineExceeded,
        >= 500 => StatusCode.Internal,
        _ => StatusCode.InvalidArgument,
    };
}
