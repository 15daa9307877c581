using System.Globalization;
using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Errors;

namespace Serverless.Gateway.Errors;

/// <summary>Answers an HTTP request with an error in the shape of its protocol.</summary>
internal static class ErrorAnswer
{
    public static async Task WriteAsync(HttpContext context, InferenceError error)
    {
        var response = context.Response;
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        if (error.RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (error.Kind == ErrorKind.Unauthenticated)
            response.Headers.WWWAuthenticate = "Bearer";

        var body = ErrorBody.ToUtf8(error, ErrorBody.ProtocolOf(context.Request.Path));
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }
}
