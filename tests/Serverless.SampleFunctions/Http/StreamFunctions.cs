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

    /// <summary>
    /// Answers after a while. Records its start and which of its two tokens fired; asked for both, it ends only after both have,
    /// since either may be the first.
    /// </summary>
    [Function("Wait")]
    public async Task Wait(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "wait/{milliseconds:int}")] HttpRequest request,
        int milliseconds,
        CancellationToken cancellationToken)
    {
        var name = request.Query["name"].ToString();
        events.Add(name, "started");
        using var both = new CountdownEvent(2);
        await using var invocation = cancellationToken.Register(() => Note("invocation cancelled"));
        await using var aborted = request.HttpContext.RequestAborted.Register(() => Note("request aborted"));
        try
        {
            await Task.Delay(milliseconds, cancellationToken);
        }
        catch (OperationCanceledException) when (request.Query.ContainsKey("both"))
        {
            await Task.Run(() => both.Wait(TimeSpan.FromSeconds(5)), CancellationToken.None);
            throw;
        }

        await request.HttpContext.Response.WriteAsync("waited", cancellationToken);

        void Note(string what)
        {
            events.Add(name, what);
            both.Signal();
        }
    }
}
