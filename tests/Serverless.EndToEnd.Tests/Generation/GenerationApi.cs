using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Serverless.EndToEnd.Tests.Generation;

/// <summary>Asks the platform for text over plain HTTP.</summary>
internal sealed class GenerationApi(HttpClient client) : IDisposable
{
    public const string Completions = "/v1/completions";
    public const string Chat = "/v1/chat/completions";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Status and JSON of a whole answer.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, JsonObject request)
    {
        using var response = await client.PostAsync(path, ContentOf(request), Token);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        return (response.StatusCode, document.RootElement.Clone());
    }

    /// <summary>The text of a completion that must succeed, with why it ended.</summary>
    public async Task<(string Text, string Finish)> CompleteAsync(JsonObject request)
    {
        var (status, body) = await PostAsync(Completions, request);
        Assert.True(status == HttpStatusCode.OK, body.GetRawText());
        var choice = body.GetProperty("choices")[0];
        return (choice.GetProperty("text").GetString()!, choice.GetProperty("finish_reason").GetString()!);
    }

    /// <summary>The events of a stream.</summary>
    public async IAsyncEnumerable<string> StreamAsync(
        string path, JsonObject request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, path) { Content = ContentOf(request) };
        // A compressed stream would be a buffered one.
        message.Headers.AcceptEncoding.ParseAdd("gzip");
        using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("no", response.Headers.GetValues("X-Accel-Buffering").Single());
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
            yield return item.Data;
    }

    public void Dispose() => client.Dispose();

    private static StringContent ContentOf(JsonObject request) => new(request.ToJsonString(), Encoding.UTF8, "application/json");
}
