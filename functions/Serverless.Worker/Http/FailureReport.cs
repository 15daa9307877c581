using Serverless.Contracts.Errors;
using Serverless.Contracts.Http;

namespace Serverless.Worker.Http;

/// <summary>What a failure is to the caller, and to the log.</summary>
internal sealed partial class FailureReport(ILogger<FailureReport> logger)
{
    /// <summary>Logs what an operator should know of, and gives back what the caller is told.</summary>
    public InferenceError Explain(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case InferenceException expected:
                if (expected.Error.Status >= 500)
                    LogFailure(logger, ShownText.Of(context.Request.Path), expected.Error.Kind, expected.Message);
                return expected.Error;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return new InferenceError(ErrorKind.PayloadTooLarge, "The request body is larger than Worker:MaxBodyBytes allows.");
            case BadHttpRequestException bad:
                return new InferenceError(ErrorKind.InvalidRequest, bad.Message);
            case OperationCanceledException or IOException when context.RequestAborted.IsCancellationRequested:
                return new InferenceError(ErrorKind.Cancelled, "The client left.");
            default:
                LogDefect(logger, ShownText.Of(context.Request.Path), exception);
                return new InferenceError(ErrorKind.Internal, "An unexpected error occurred; the worker's log has it.");
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Path} failed with {Kind}: {Reason}")]
    private static partial void LogFailure(ILogger logger, string path, ErrorKind kind, string reason);

    [LoggerMessage(2, LogLevel.Error, "{Path} failed unexpectedly")]
    private static partial void LogDefect(ILogger logger, string path, Exception exception);
}
