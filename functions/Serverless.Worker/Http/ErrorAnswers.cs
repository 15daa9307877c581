using System.Globalization;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Http;
using Serverless.Worker.Draining;

namespace Serverless.Worker.Http;

/// <summary>Answers every failure in the shape of the protocol spoken on the path.</summary>
internal sealed class ErrorAnswers(RequestDelegate next, FailureReport failures, Drain drain)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // Counted here and not in a middleware of its own: a further state machine would cost each request more than the count does.
        drain.Enter();
        try
        {
            var error = drain.Refusal(context);
            if (error is not null)
                context.Response.Headers[InferenceHeaders.Refused] = "stopping";
            try
            {
                if (error is null)
                {
                    await next(context);
                    error = Unrouted(context);
                }
            }
            catch (Exception exception)
            {
                error = failures.Explain(context, exception);
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
        finally
        {
            drain.Leave();
        }
    }

    private static InferenceError? Unrouted(HttpContext context)
    {
        if (context.Response.HasStarted || context.Response.StatusCode is not (404 or 405))
            return null;
        var path = context.Request.Path;
        return context.Response.StatusCode == 404
            ? new InferenceError(ErrorKind.NotFound, $"There is nothing at {ShownText.Of(path)}.")
            : new InferenceError(
                ErrorKind.MethodNotAllowed,
                $"{ShownText.Of(context.Request.Method)} is not allowed at {ShownText.Of(path)}; allowed: {context.Response.Headers.Allow}.");
    }

    private static async Task WriteAsync(HttpContext context, InferenceError error)
    {
        var response = context.Response;
        response.StatusCode = error.Status;
        if (error.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (error.Kind == ErrorKind.Unauthenticated)
            response.Headers.WWWAuthenticate = "Bearer";
        // A body that was not read cannot be followed by another request on this connection, nor should a request come to a worker that goes.
        if (error.Kind is ErrorKind.PayloadTooLarge or ErrorKind.Unauthenticated || ReferenceEquals(error, Drain.Error))
            response.Headers.Connection = "close";
        var body = ErrorBody.ToUtf8(error, ErrorBody.ProtocolOf(context.Request.Path));
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, CancellationToken.None);
    }
}
