using System.Text.Json;
using Serverless.Cli.Api;

namespace Serverless.Cli.Batches;

/// <summary>Files and batches over the API.</summary>
internal sealed class BatchApi(ApiClient api)
{
    /// <summary>Uploads an input file; its id.</summary>
    public async Task<string> UploadAsync(Stream content, string name, CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent { { new StringContent("batch"), "purpose" }, { new StreamContent(content), "file", name } };
        return (await api.PostAsync("/v1/files", form, cancellationToken)).Body.GetProperty("id").GetString()!;
    }

    public async Task<Batch> CreateAsync(string file, string endpoint, CancellationToken cancellationToken) =>
        Batch.Read((await api.PostAsync(
            "/v1/batches", new { input_file_id = file, endpoint, completion_window = "24h" }, cancellationToken)).Body);

    public async Task<Batch> GetAsync(string id, CancellationToken cancellationToken) =>
        Batch.Read((await api.GetAsync(PathOf(id), cancellationToken)).Body);

    /// <summary>The newest batches first.</summary>
    public async Task<IReadOnlyList<Batch>> ListAsync(int limit, CancellationToken cancellationToken) =>
    [
        .. (await api.GetAsync(FormattableString.Invariant($"/v1/batches?limit={limit}"), cancellationToken))
            .Body.GetProperty("data").EnumerateArray().Select(Batch.Read),
    ];

    /// <summary><c>cancel</c> or <c>redrive</c>.</summary>
    public async Task<Batch> ActAsync(string id, string action, CancellationToken cancellationToken) =>
        Batch.Read((await api.PostAsync($"{PathOf(id)}/{action}", new { }, cancellationToken)).Body);

    public Task DownloadAsync(string file, Stream to, CancellationToken cancellationToken) =>
        api.DownloadAsync($"/v1/files/{Uri.EscapeDataString(file)}/content", to, cancellationToken);

    /// <summary>Asks about a batch until it ended; a platform that is away for a moment is asked again.</summary>
    public async Task<Batch> FollowAsync(string id, Action<Batch> onChange, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var batch = await GetAsync(id, cancellationToken);
                onChange(batch);
                if (batch.IsFinal)
                    return batch;
            }
            catch (Exception error) when (error is HttpRequestException or ApiException { Status: >= 500 })
            {
                // It runs on without anybody watching.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
        }
    }

    /// <summary>The endpoint that a file's first line names.</summary>
    /// <exception cref="InvalidDataException">It names none.</exception>
    public static async Task<string> EndpointOfAsync(string file, CancellationToken cancellationToken)
    {
        using var reader = File.OpenText(file);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            try
            {
                using var request = JsonDocument.Parse(line);
                if (request.RootElement.TryGetProperty("url", out var url) && url.GetString() is { } endpoint)
                    return endpoint;
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException)
            {
            }

            break;
        }

        throw new InvalidDataException($"The first line of {file} is not a request with a 'url'; name the endpoint with --endpoint.");
    }

    private static string PathOf(string id) => $"/v1/batches/{Uri.EscapeDataString(id)}";
}
