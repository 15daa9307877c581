using System.Text.Encodings.Web;
using System.Text.Json;

namespace Serverless.Worker.Http;

/// <summary>A JSON answer.</summary>
internal sealed class JsonAnswer : IAsyncDisposable
{
    // JSON is read by programs here, not put into pages: nothing but what JSON itself demands is escaped.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly Answer _answer;

    public JsonAnswer(HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "application/json";
        _answer = new Answer(context, cancellationToken);
        Json = new Utf8JsonWriter(_answer, Options);
    }

    public Utf8JsonWriter Json { get; }

    /// <summary>Lets go of what is written once there is enough of it, at the client's pace.</summary>
    public ValueTask FlushIfLargeAsync()
    {
        Json.Flush();
        return _answer.FlushIfLargeAsync();
    }

    /// <summary>Sends the rest.</summary>
    public ValueTask CompleteAsync()
    {
        Json.Flush();
        return _answer.CompleteAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // Not flushed: after a failure the rest must not leave.
        Json.Reset();
        await Json.DisposeAsync();
        _answer.Dispose();
    }
}
