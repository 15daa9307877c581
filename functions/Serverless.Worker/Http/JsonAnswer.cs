using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Serverless.Worker.Http;

/// <summary>A JSON answer that leaves in pieces, so that a large one is never in memory whole.</summary>
internal sealed class JsonAnswer : IAsyncDisposable
{
    private const int FlushBytes = 64 * 1024;

    // JSON is read by programs here, not put into pages: nothing but what JSON itself demands is escaped.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly PipeWriter _pipe;
    private readonly CancellationToken _cancellation;

    public JsonAnswer(HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "application/json";
        _pipe = context.Response.BodyWriter;
        _cancellation = cancellationToken;
        Json = new Utf8JsonWriter(_pipe, Options);
    }

    public Utf8JsonWriter Json { get; }

    /// <summary>Lets go of what is written once there is enough of it, at the client's pace.</summary>
    public async ValueTask FlushIfLargeAsync()
    {
        if (Json.BytesPending < FlushBytes)
            return;
        Json.Flush();
        await _pipe.FlushAsync(_cancellation);
    }

    /// <summary>Sends the rest.</summary>
    public async ValueTask CompleteAsync()
    {
        Json.Flush();
        await _pipe.FlushAsync(_cancellation);
    }

    public ValueTask DisposeAsync()
    {
        // Not flushed: after a failure the rest must not leave.
        Json.Reset();
        return Json.DisposeAsync();
    }
}
