using System.Globalization;
using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Errors;
using Serverless.Gateway.Console;
using Serverless.Gateway.Forwarding;

namespace Serverless.Gateway.Errors;

/// <summary>Answers an HTTP request with an error in the shape of its protocol.</summary>
internal static class ErrorAnswer
{
    /// <summary>Answers, and then reads what is left of a body, so that a proxy that is still sending it gets to see the answer.</summary>
    public static async Task WriteAsync(HttpContext context, InferenceError error)
    {
        var response = context.Response;
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        if (error.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (error.Kind == ErrorKind.Unauthenticated)
            response.Headers.WWWAuthenticate = context.Request.Path.StartsWithSegments("/console") ? BasicKey.Challenge : "Bearer";

        var body = ErrorBody.ToUtf8(error, ErrorBody.ProtocolOf(context.Request.Path));
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
        if (context.Request.Body is LimitedBody rest)
        {
            await response.CompleteAsync();
            await DrainAsync(rest, context.RequestAborted);
        }
    }

    private static async Task DrainAsync(LimitedBody rest, CancellationToken cancellationToken)
    {
        try
        {
            await rest.DrainAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or BadHttpRequestException or OperationCanceledException)
        {
            // The client stopped sending; it has its answer.
        }
    }
}
