using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Serverless.Gateway.Tests.Jobs;

/// <summary>A caller of files and batches over plain HTTP.</summary>
internal sealed class JobApi(HttpClient client) : IDisposable
{
    public const string Endpoint = "/v1/embeddings";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => client.Dispose();

    /// <summary>A line as it should be.</summary>
    public static string Line(string id, string model = JobsFixture.Model, string url = Endpoint, string method = "POST") =>
        $$$"""{"custom_id":"{{{id}}}","method":"{{{method}}}","url":"{{{url}}}","body":{"model":"{{{model}}}","input":"text {{{id}}}"}}""";

    public static string Lines(int count) => string.Concat(Enumerable.Range(0, count).Select(i => Line($"id-{i}") + "\n"));

    public async Task<JsonElement> SendAsync(HttpMethod method, string path, string? json = null, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await ReadAsync(await client.SendAsync(request, Token), expected);
    }

    public Task<JsonElement> UploadAsync(string content, string purpose = "batch", string name = "lines.jsonl") =>
        UploadAsync(Encoding.UTF8.GetBytes(content), purpose, name);

    public async Task<JsonElement> UploadAsync(
        byte[] content, string purpose = "batch", string name = "lines.jsonl", HttpStatusCode expected = HttpStatusCode.OK,
        params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent();
        var file = new ByteArrayContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        form.Add(file, "file", name);
        form.Add(new StringContent(purpose), "purpose");
        foreach (var (field, value) in fields)
            form.Add(new StringContent(value), field);
        return await ReadAsync(await client.PostAsync("/v1/files", form, Token), expected);
    }

    /// <summary>Uploads lines and creates a batch of them; returns its id.</summary>
    public Task<string> CreateAsync(string lines, string more = "") => CreateAsync(Encoding.UTF8.GetBytes(lines), more);

    public async Task<string> CreateAsync(byte[] lines, string more = "", string endpoint = Endpoint)
    {
        var file = Text(await UploadAsync(lines), "id");
        var body = $$"""{"input_file_id":"{{file}}","endpoint":"{{endpoint}}","completion_window":"24h"{{more}}}""";
        return Text(await SendAsync(HttpMethod.Post, "/v1/batches", body), "id");
    }

    public Task<JsonElement> GetAsync(string batch) => SendAsync(HttpMethod.Get, $"/v1/batches/{batch}");

    public async Task<string> StatusAsync(string batch) => Text(await GetAsync(batch), "status");

    public Task<JsonElement> CancelAsync(string batch, HttpStatusCode expected = HttpStatusCode.OK) =>
        SendAsync(HttpMethod.Post, $"/v1/batches/{batch}/cancel", expected: expected);

    public Task<JsonElement> RedriveAsync(string batch, HttpStatusCode expected = HttpStatusCode.OK) =>
        SendAsync(HttpMethod.Post, $"/v1/batches/{batch}/redrive", expected: expected);

    /// <summary>The lines of a batch's output or error file; none when there is no file.</summary>
    public async Task<List<JsonElement>> FileLinesAsync(string batch, string property)
    {
        var id = (await GetAsync(batch)).GetProperty(property).GetString();
        if (id is null)
            return [];
        var text = await client.GetStringAsync($"/v1/files/{id}/content", Token);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    public async Task<List<string>> OutputIdsAsync(string batch) => IdsOf(await FileLinesAsync(batch, "output_file_id"));

    public async Task<List<string>> ErrorIdsAsync(string batch) => IdsOf(await FileLinesAsync(batch, "error_file_id"));

    public static string Text(JsonElement element, string property) => element.GetProperty(property).GetString()!;

    private static List<string> IdsOf(List<JsonElement> lines) => [.. lines.Select(line => Text(line, "custom_id"))];

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(Token);
            Assert.True(response.StatusCode == expected, $"{response.StatusCode}: {text}");
            return JsonElement.Parse(text);
        }
    }
}
