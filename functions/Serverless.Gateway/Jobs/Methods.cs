using Microsoft.AspNetCore.Http;
using Serverless.Contracts.Errors;

namespace Serverless.Gateway.Jobs;

/// <summary>The answer to a method that a path does not take.</summary>
internal static class Methods
{
    public static InferenceException NotAllowed(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return new InferenceException(ErrorKind.MethodNotAllowed, $"{context.Request.Method} is not allowed here; allowed: {allowed}.");
    }
}
