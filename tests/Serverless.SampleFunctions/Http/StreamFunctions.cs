using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.SampleFunctions.Http;

/// <summary>Answers that come in pieces, and calls that last.</summary>
public sealed class StreamFunctions(EventLog events, TimeProvider time)
{
    /// <summary>Writes n events, each with the time it was written at.</summary>
    [Function("Sse")]
    public async Task Sse(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "sse/{n:int}")] HttpRequest request,
        int n,
        CancellationToken cancellationToken)
    {
        var response = request.HttpContext.Response;
        var name = request.Query["name"].ToString();
        var pause = TimeSpan.FromMilliseconds(int.Parse(request.Query["pause"].ToString(), CultureInfo.InvariantCulture));
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, request.HttpContext.RequestAborted);
        response.ContentType = "text/event-stream";
        try
        {
            for (var i = 0; i < n; i++)
            {
                await response.WriteAsync($"data: {time.GetUtcNow().ToUnixTimeMilliseconds()}\n\n", gone.Token);
                await response.Body.FlushAsync(gone.Token);
                await Task.Delay(pause, time, gone.Token);
            }
        }
        catch (OperationCanceledException)
        {
            events.Add(name, "cancelled");
        }
    }

    /// <summary>Answers after a while and records which of its two tokens ended it, if one did.</summary>
    [Function("Wait")]
    public async Task Wait(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "wait/{milliseconds:int}")] HttpRequest request,
        int milliseconds,
        CancellationToken cancellationToken)
    {
        var name = request.Query["name"].ToString();
        events.Add(name, "started");
        await using var invocation = cancellationToken.Register(() => events.Add(name, "invocation cancelled"));
        await using var aborted = request.HttpContext.RequestAborted.Register(() => events.Add(name, "request aborted"));
        await Task.Delay(milliseconds, cancellationToken);
        await request.HttpContext.Response.WriteAsync("waited", cancellationToken);
    }
}
