using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Serverless.TestKit.Jobs;

/// <summary>Runs batches over HTTP, with the patience that a platform under attack needs.</summary>
public sealed class BatchClient : IDisposable
{
    private readonly HttpClient _client;

    /// <summary>A client of the API at <paramref name="url"/>.</summary>
    public BatchClient(Uri url, string key)
    {
        _client = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(120) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Uploads an input; its file's id.</summary>
    public async Task<string> UploadAsync(byte[] lines, CancellationToken cancellationToken) =>
        (string)(await SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, "/v1/files")
            {
                Content = new MultipartFormDataContent
                {
                    { new StringContent("batch"), "purpose" },
                    { new ByteArrayContent(lines), "file", "input.jsonl" },
                },
            },
            cancellationToken))["id"]!;

    /// <summary>Creates a batch; its id.</summary>
    public async Task<string> CreateAsync(string file, string endpoint, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["input_file_id"] = file, ["endpoint"] = endpoint, ["completion_window"] = "24h" };
        return (string)(await SendAsync(() => Post("/v1/batches", body.ToJsonString()), cancellationToken))["id"]!;
    }

    /// <summary>The batch as it is now.</summary>
    public Task<JsonNode> GetAsync(string batch, CancellationToken cancellationToken) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, $"/v1/batches/{batch}"), cancellationToken);

    /// <summary>Cancels a batch.</summary>
    public Task CancelAsync(string batch, CancellationToken cancellationToken) =>
        SendAsync(() => Post($"/v1/batches/{batch}/cancel", "{}"), cancellationToken);

    /// <summary>Runs maintenance, as the timer does once a minute.</summary>
    public Task MaintainAsync(CancellationToken cancellationToken) => SendAsync(() => Post("/maintenance", "{}"), cancellationToken);

    /// <summary>Waits for a final state.</summary>
    /// <exception cref="TimeoutException">There was none within <paramref name="limit"/>.</exception>
    public async Task<JsonNode> WaitAsync(string batch, TimeSpan limit, TimeSpan maintenance, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var maintained = start;
        while (true)
        {
            var found = await GetAsync(batch, cancellationToken);
            if ((string)found["status"]! is "completed" or "failed" or "expired" or "cancelled")
                return found;
            if (Stopwatch.GetElapsedTime(start) > limit)
                throw new TimeoutException($"The batch did not end within {limit}: {found.ToJsonString()}");
            if (Stopwatch.GetElapsedTime(maintained) > maintenance)
            {
                await MaintainAsync(cancellationToken);
                maintained = Stopwatch.GetTimestamp();
            }

            await Task.Delay(500, cancellationToken);
        }
    }

    /// <summary>The lines of a file; none when <paramref name="file"/> is null.</summary>
    public async Task<IReadOnlyList<JsonNode>> ReadAsync(JsonNode? file, CancellationToken cancellationToken)
    {
        if (file is null)
            return [];
        var text = await _client.GetStringAsync(new Uri($"/v1/files/{(string)file!}/content", UriKind.Relative), cancellationToken);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage Post(string path, string json) =>
        new(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    private async Task<JsonNode> SendAsync(Func<HttpRequestMessage> create, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var request = create();
                using var response = await _client.SendAsync(request, cancellationToken);
                var text = await response.Content.ReadAsStringAsync(cancellationToken);
                if (response.IsSuccessStatusCode)
                    return JsonNode.Parse(text)!;
                if ((int)response.StatusCode is < 500 and not 404)
                    throw new InvalidOperationException($"{request.RequestUri} answered {(int)response.StatusCode}: {text}");
            }
            catch (Exception error) when (attempt < 120
                && (error is HttpRequestException or JsonException or IOException
                    || (error is TaskCanceledException && !cancellationToken.IsCancellationRequested)))
            {
            }

            await Task.Delay(500, cancellationToken);
        }
    }
}
