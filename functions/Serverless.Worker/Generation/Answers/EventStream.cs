using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Http;

namespace Serverless.Worker.Generation.Answers;

/// <summary>
/// An answer in server-sent events. While nothing has been sent for 5 s a comment is, so that neither the client nor a proxy takes a cold
/// start for a dead connection. Belongs to one flow; the heartbeats are its own.
/// </summary>
internal sealed class EventStream : IAsyncDisposable
{
    /// <summary>How long nothing may be sent.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // JSON is read by programs here, not put into pages: nothing but what JSON itself demands is escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly HttpContext _context;
    private readonly PeriodicTimer _timer;
    private readonly Task _heartbeats;

    // What touches the response: the flow's flushes and the heartbeats.
    private readonly SemaphoreSlim _turn = new(1);

    private readonly ArrayBufferWriter<byte> _pending = new();
    private readonly Utf8JsonWriter _json;
    private int _ended;
    private bool _sent;

    public EventStream(HttpContext context, TimeProvider time)
    {
        _context = context;
        _json = new Utf8JsonWriter(_pending, Options);
        _timer = new PeriodicTimer(Interval, time);
        _heartbeats = BeatAsync();
    }

    /// <summary>Bytes of events that were written and not sent.</summary>
    public int Pending => _pending.WrittenCount;

    /// <summary>What the header <c>Server-Timing</c> says, if it is known before the first byte.</summary>
    public string? ServerTiming { get; set; }

    /// <summary>Whether a comment before the end shall tell what the request took.</summary>
    public bool TellsUsage { get; set; }

    /// <summary>Begins an event; its JSON goes into what comes back.</summary>
    public Utf8JsonWriter Begin()
    {
        _pending.Write("data: "u8);
        _json.Reset(_pending);
        return _json;
    }

    /// <summary>Ends the event that was begun.</summary>
    public void End()
    {
        _json.Flush();
        _pending.Write("\n\n"u8);
        _ended = _pending.WrittenCount;
    }

    /// <summary>Writes the comment that tells what the request took.</summary>
    public void WriteUsage(long tokens) => UsageComment.Write(_pending, tokens);

    /// <summary>Writes the mark after the last event.</summary>
    public void WriteDone() => _pending.Write("data: [DONE]\n\n"u8);

    /// <summary>Sends what is written.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_pending.WrittenCount == 0)
            return;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await SendAsync(_pending.WrittenMemory, cancellationToken);
            _pending.ResetWrittenCount();
            _ended = 0;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the heartbeats. Whether anything was sent: then an error can no longer be an HTTP status.</summary>
    public async Task<bool> EndHeartbeatsAsync()
    {
        _timer.Dispose();
        await _heartbeats;
        return _context.Response.HasStarted;
    }

    /// <summary>Sends an error as the last event.</summary>
    public async Task FailAsync(InferenceError error)
    {
        // Whole events go before it; one that was begun and not ended must not leave.
        var whole = _pending.WrittenSpan[.._ended].ToArray();
        _pending.ResetWrittenCount();
        _pending.Write(whole);
        var json = Begin();
        json.WriteStartObject();
        ErrorBody.WriteTo(json, error, ErrorBody.ProtocolOf(_context.Request.Path));
        json.WriteEndObject();
        End();
        await FlushAsync(_context.RequestAborted);
    }

    public async ValueTask DisposeAsync()
    {
        await EndHeartbeatsAsync();
        _turn.Dispose();
        _json.Reset();
        await _json.DisposeAsync();
    }

    private async Task BeatAsync()
    {
        try
        {
            while (await _timer.WaitForNextTickAsync())
            {
                await _turn.WaitAsync();
                try
                {
                    if (!_sent)
                        await SendAsync(": waiting\n\n"u8.ToArray(), _context.RequestAborted);
                    _sent = false;
                }
                finally
                {
                    _turn.Release();
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The client left: whatever it waits for ends by that too.
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (!_context.Response.HasStarted)
            SetHeaders(_context.Response);
        _sent = true;
        await _context.Response.BodyWriter.WriteAsync(bytes, cancellationToken);
    }

    private void SetHeaders(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        // For nginx and those who follow it, which would gather an answer before they pass it on.
        response.Headers["X-Accel-Buffering"] = "no";
        if (ServerTiming is { } timing)
            response.Headers["Server-Timing"] = timing;
    }
}
