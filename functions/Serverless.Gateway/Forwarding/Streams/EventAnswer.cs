using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Serverless.Contracts.Errors;

namespace Serverless.Gateway.Forwarding.Streams;

/// <summary>
/// An answer in server-sent events, as its client sees it. While nothing has come for a while a comment is sent, so that neither the client
/// nor a proxy takes a cold start for a dead connection; from the first one on errors are events.
/// </summary>
internal sealed class EventAnswer(HttpContext context, TimeSpan heartbeat, TimeProvider time)
{
    public const string ContentType = "text/event-stream";

    // The worker's own heartbeats are as far apart, and come first where there are any.
    private static readonly TimeSpan WorkersTurn = TimeSpan.FromSeconds(1);

    private readonly long _arrived = time.GetTimestamp();
    private readonly TimeSpan _interval = heartbeat;
    private TimeSpan _due = heartbeat;

    /// <summary>Whether something was sent: then the answer is a 200, whatever comes.</summary>
    public bool HasBegun => context.Response.HasStarted;

    /// <summary>The request goes to the worker now, which may have something to send in the same time.</summary>
    public void GiveTurn()
    {
        var next = time.GetElapsedTime(_arrived) + _interval + WorkersTurn;
        _due = _due > next ? _due : next;
    }

    /// <summary>Awaits <paramref name="work"/> and sends comments meanwhile.</summary>
    public async Task<T> WhileAsync<T>(Task<T> work)
    {
        while (true)
        {
            var left = _due - time.GetElapsedTime(_arrived);
            try
            {
                return await work.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
            }
            catch (TimeoutException) when (!work.IsCompleted)
            {
                await CommentAsync("waiting");
                _due = time.GetElapsedTime(_arrived) + _interval;
            }
        }
    }

    public Task CommentAsync(string text) => SendAsync(Encoding.UTF8.GetBytes($": {text}\n\n"));

    /// <summary>Sends an error as the last event.</summary>
    public Task FailAsync(InferenceError error) =>
        FailAsync(ErrorBody.ToUtf8(error, ErrorBody.ProtocolOf(context.Request.Path)));

    /// <summary>Sends an error as the last event of an answer whose last event may have been cut; an empty line too many does no harm.</summary>
    public async Task BreakOffAsync(InferenceError error)
    {
        await SendAsync("\n\n"u8.ToArray());
        await FailAsync(error);
    }

    /// <summary>Sends an error's body as the last event.</summary>
    public Task FailAsync(ReadOnlyMemory<byte> body) => SendAsync([.. "data: "u8, .. body.Span, .. "\n\n"u8]);

    private async Task SendAsync(byte[] bytes)
    {
        if (!HasBegun)
            Begin();
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private void Begin()
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-cache";
        // For nginx and those who follow it, which would gather an answer before they pass it on.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }
}
