using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Net;
using System.Text;
using System.Text.Json;
using Serverless.Topology.Processes;

namespace Serverless.Cli.Tests.Generation;

/// <summary>An API over real HTTP that answers as a test says: what the command does with broken answers cannot be provoked otherwise.</summary>
internal sealed class ScriptedApi : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<string, JsonElement, (int Status, string Body)> _answer;

    public ScriptedApi(Func<JsonElement, (int Status, string Body)> answer)
        : this((_, body) => answer(body))
    {
    }

    /// <summary>One whose answers depend on method and path, such as <c>GET /metrics</c>, too.</summary>
    public ScriptedApi(Func<string, JsonElement, (int Status, string Body)> answer)
    {
        _answer = answer;
        Url = $"http://127.0.0.1:{FreePorts.Pick(1)[0]}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _ = ServeAsync();
    }

    public string Url { get; }

    /// <summary>The bodies that came, in order.</summary>
    public ConcurrentQueue<JsonElement> Requests { get; } = new();

    /// <summary>The queries that came, in order.</summary>
    public ConcurrentQueue<NameValueCollection> Queries { get; } = new();

    /// <summary>A stream of chat chunks with <paramref name="pieces"/>.</summary>
    public static (int Status, string Body) Chat(params string[] pieces) => (200, string.Concat(pieces
        .Select(piece => $$"""{"choices":[{"index":0,"delta":{"content":{{JsonSerializer.Serialize(piece)}}},"finish_reason":null}]}""")
        .Prepend("""{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""")
        .Append("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""")
        .Append("[DONE]")
        .Select(data => $"data: {data}\n\n")));

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var document = context.Request.HasEntityBody
                    ? await JsonDocument.ParseAsync(context.Request.InputStream)
                    : JsonDocument.Parse("null");
                Queries.Enqueue(context.Request.QueryString);
                Requests.Enqueue(document.RootElement.Clone());
                var (status, body) = _answer($"{context.Request.HttpMethod} {context.Request.Url!.AbsolutePath}", document.RootElement);
                context.Response.StatusCode = status;
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                context.Response.Close();
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
