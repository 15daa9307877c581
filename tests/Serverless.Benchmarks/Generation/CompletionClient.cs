using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Serverless.Benchmarks.Generation;

/// <summary>Streams completions over HTTP, as clients do.</summary>
internal sealed class CompletionClient : IDisposable
{
    private const string Prefix = "data: ";
    private const string Done = "[DONE]";

    private readonly string _model;
    private readonly HttpClient _http;

    public CompletionClient(int port, string key, string model)
    {
        _model = model;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(10) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Tokens per second of streams that start together, their prompts included.</summary>
    public async Task<double> SpeedAsync(int streams, int prompt, int tokens, int seed, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, streams)
            .Select(stream => StreamAsync(Letters(prompt, (seed * streams) + stream), tokens, cancellationToken)));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return counts.All(count => count == tokens)
            ? counts.Sum() / seconds
            : throw new InvalidRunException($"not every stream came to {tokens} tokens: {string.Join(", ", counts)}.");
    }

    public void Dispose() => _http.Dispose();

    // A letter is a token.
    private static string Letters(int length, int seed)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next('a', 'z' + 1)));
    }

    private async Task<int> StreamAsync(string prompt, int tokens, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions")
        {
            Content = JsonContent.Create(new
            {
                model = _model,
                prompt,
                max_tokens = tokens,
                temperature = 0,
                ignore_eos = true,
                stream = true,
                stream_options = new { include_usage = true },
            }),
        };
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new InvalidRunException($"answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var counted = 0;
        while (await reader.ReadLineAsync(cancellationToken) is { } line && line != Prefix + Done)
        {
            // The last event before the end has the usage.
            if (line.StartsWith(Prefix, StringComparison.Ordinal) && line.Contains("\"completion_tokens\"", StringComparison.Ordinal))
                counted = UsageOf(line[Prefix.Length..]);
        }

        return counted;
    }

    private static int UsageOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("usage").GetProperty("completion_tokens").GetInt32();
    }
}
