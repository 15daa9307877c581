using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.SampleFunctions.Http;

/// <summary>Requests that are answered at once.</summary>
public sealed class PlainFunctions(EventLog events)
{
    [Function("Echo")]
    public static IActionResult Echo(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "echo/{text}")] HttpRequest request, string text) =>
        new OkObjectResult(text);

    [Function("Item")]
    public static IActionResult Item(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{id:int}")] HttpRequest request, int id) =>
        new OkObjectResult(id + 1);

    [Function("CountBody")]
    public static async Task<IActionResult> CountBody(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "body")] HttpRequest request, CancellationToken cancellationToken)
    {
        var buffer = new byte[81920];
        long total = 0;
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0) total += read;
        return new ContentResult { Content = total.ToString(CultureInfo.InvariantCulture) };
    }

    [Function("Reflect")]
    public static IActionResult Reflect(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "reflect")] HttpRequest request, FunctionContext context) =>
        new OkObjectResult(new
        {
            host = request.Host.Value,
            path = request.Path.Value,
            query = request.QueryString.Value,
            remote = request.HttpContext.Connection.RemoteIpAddress?.ToString(),
            headers = request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()),
            invocationId = context.InvocationId,
            traceParent = context.TraceContext.TraceParent,
            traceState = context.TraceContext.TraceState,
            greeting = Environment.GetEnvironmentVariable("Greeting"),
        });

    [Function("Events")]
    public IActionResult Events(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "events/{name}")] HttpRequest request, string name) =>
        new OkObjectResult(events.Get(name));

    [Function("Keyed")]
    public static IActionResult Keyed([HttpTrigger(AuthorizationLevel.Function, "get", Route = "keyed")] HttpRequest request) =>
        new OkObjectResult("open");

    [Function("AdminOnly")]
    public static IActionResult AdminOnly([HttpTrigger(AuthorizationLevel.Admin, "get", Route = "admin-only")] HttpRequest request) =>
        new OkObjectResult("open");

    [Function("Disabled")]
    public static IActionResult Disabled([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "disabled")] HttpRequest request) =>
        new OkObjectResult("must not be reached");
}
