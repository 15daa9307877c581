using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.SampleFunctions.Http;

/// <summary>Everything that can go wrong in a function.</summary>
public static class FailingFunctions
{
    [Function("ThrowFirst")]
    public static IActionResult ThrowFirst([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "throw/first")] HttpRequest request) =>
        throw new InvalidOperationException("before the first byte");

    [Function("ThrowLater")]
    public static async Task ThrowLater([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "throw/later")] HttpRequest request)
    {
        await request.HttpContext.Response.WriteAsync("some bytes", request.HttpContext.RequestAborted);
        await request.HttpContext.Response.Body.FlushAsync(request.HttpContext.RequestAborted);
        throw new InvalidOperationException("after the first byte");
    }

    [Function("Crash")]
    public static IActionResult Crash([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "crash")] HttpRequest request)
    {
        Environment.Exit(3);
        return new OkResult();
    }
}
