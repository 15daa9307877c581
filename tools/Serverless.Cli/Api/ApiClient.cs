using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Serverless.Cli.Api;

/// <summary>Calls the API over HTTP.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    public ApiClient(Uri baseUrl, string key)
    {
        // A cold start may take minutes; the platform answers within 230 s whatever happens.
        _http = new HttpClient { BaseAddress = baseUrl, Timeout = TimeSpan.FromSeconds(240) };
        if (key.Length > 0)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public async Task<ApiAnswer> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(path, cancellationToken);
        return await ReadAsync(response, cancellationToken);
    }

    public async Task<ApiAnswer> PostAsync(string path, HttpContent body, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsync(path, body, cancellationToken);
        return await ReadAsync(response, cancellationToken);
    }

    /// <summary>Copies an answer that is a file.</summary>
    public async Task DownloadAsync(string path, Stream to, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
            await ReadAsync(response, cancellationToken);
        await response.Content.CopyToAsync(to, cancellationToken);
    }

    /// <summary>The events of a streamed answer as they come.</summary>
    /// <exception cref="ApiException">The request was refused.</exception>
    /// <exception cref="IOException">The answer broke off.</exception>
    public async IAsyncEnumerable<JsonElement> StreamAsync(
        string path, object body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
            await ReadAsync(response, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            if (item.Data == "[DONE]")
                yield break;
            if (ErrorIn(item.Data) is { } error)
                throw new IOException($"The answer broke off: {error}");
            using var document = JsonDocument.Parse(item.Data);
            yield return document.RootElement.Clone();
        }

        throw new IOException("The answer broke off before its end.");
    }

    public Task<ApiAnswer> PostAsync(string path, object body, CancellationToken cancellationToken) =>
        PostAsync(path, JsonContent.Create(body), cancellationToken);

    public async Task<ApiAnswer> PatchAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(body);
        using var response = await _http.PatchAsync(path, content, cancellationToken);
        return await ReadAsync(response, cancellationToken);
    }

    public async Task<ApiAnswer> PutAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(body);
        using var response = await _http.PutAsync(path, content, cancellationToken);
        return await ReadAsync(response, cancellationToken);
    }

    public async Task<ApiAnswer> DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.DeleteAsync(path, cancellationToken);
        return await ReadAsync(response, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<ApiAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new ApiException((int)response.StatusCode, ErrorIn(text) ?? $"HTTP {(int)response.StatusCode} {response.ReasonPhrase}");
        using var document = JsonDocument.Parse(text);
        return new ApiAnswer(document.RootElement.Clone(), response.Headers.TryGetValues("Server-Timing", out var timing) ? [.. timing] : []);
    }

    /// <summary>The message in an error of either protocol.</summary>
    private static string? ErrorIn(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var error = document.RootElement.GetProperty("error");
            return error.ValueKind == JsonValueKind.String ? error.GetString() : error.GetProperty("message").GetString();
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
