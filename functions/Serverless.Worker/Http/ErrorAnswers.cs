using System.Globalization;
using Serverless.Contracts.Errors;

namespace Serverless.Worker.Http;

/// <summary>Answers every failure in the shape of the protocol spoken on the path.</summary>
internal sealed partial class ErrorAnswers(RequestDelegate next, ILogger<ErrorAnswers> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        InferenceError? error;
        try
        {
            await next(context);
            error = Unrouted(context);
        }
        catch (Exception exception)
        {
            error = Explain(context, exception);
            if (context.Response.HasStarted)
            {
                // Half an answer is out: only a broken connection tells the client that it is not whole.
                context.Abort();
                return;
            }
        }

        if (error is not null)
            await WriteAsync(context, error);
    }

    private static InferenceError? Unrouted(HttpContext context)
    {
        if (context.Response.HasStarted || context.Response.StatusCode is not (404 or 405))
            return null;
        var path = context.Request.Path;
        return context.Response.StatusCode == 404
            ? new InferenceError(ErrorKind.NotFound, $"There is nothing at {Shorten(path)}.")
            : new InferenceError(
                ErrorKind.MethodNotAllowed,
                $"{Shorten(context.Request.Method)} is not allowed at {Shorten(path)}; allowed: {context.Response.Headers.Allow}.");
    }

    private static async Task WriteAsync(HttpContext context, InferenceError error)
    {
        var response = context.Response;
        response.StatusCode = error.Status;
        if (error.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        // A body that was not read cannot be followed by another request on this connection.
        if (error.Kind == ErrorKind.PayloadTooLarge)
            response.Headers.Connection = "close";
        var body = ErrorBody.ToUtf8(error, ErrorBody.ProtocolOf(context.Request.Path));
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, CancellationToken.None);
    }

    private static string Shorten(string? text) =>
        text is null ? string.Empty : string.Concat(text.Take(100).Select(character => char.IsControl(character) ? '?' : character));

    private InferenceError Explain(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case InferenceException expected:
                if (expected.Error.Status >= 500)
                    LogFailure(logger, context.Request.Path, expected.Error.Kind, expected.Message);
                return expected.Error;
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return new InferenceError(ErrorKind.PayloadTooLarge, "The request body is larger than Worker:MaxBodyBytes allows.");
            case BadHttpRequestException bad:
                return new InferenceError(ErrorKind.InvalidRequest, bad.Message);
            case OperationCanceledException or IOException when context.RequestAborted.IsCancellationRequested:
                return new InferenceError(ErrorKind.Cancelled, "The client left.");
            default:
                LogDefect(logger, context.Request.Path, exception);
                return new InferenceError(ErrorKind.Internal, "An unexpected error occurred; the worker's log has it.");
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Path} failed with {Kind}: {Reason}")]
    private static partial void LogFailure(ILogger logger, string path, ErrorKind kind, string reason);

    [LoggerMessage(2, LogLevel.Error, "{Path} failed unexpectedly")]
    private static partial void LogDefect(ILogger logger, string path, Exception exception);
}
