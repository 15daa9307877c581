using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Serverless.TestKit;
using Serverless.Topology.Platform;

namespace Serverless.Benchmarks.Batch;

/// <summary>Takes one input through upload and validation on a platform of its own, without a model that could answer it.</summary>
internal sealed class GatewayLoad : IAsyncDisposable
{
    private const string Validated = "lines validated and cut into";

    private readonly TemporaryFolder _folder = new();
    private readonly TaskCompletionSource<double> _seconds = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LocalPlatform? _platform;
    private HttpClient? _client;

    public static async Task<GatewayLoad> StartAsync(CancellationToken cancellationToken)
    {
        var load = new GatewayLoad();
        load._platform = await LocalPlatform.StartAsync(PlatformOptions.Isolated(load._folder.Path), load.OnLine, cancellationToken);
        load._client = new HttpClient { BaseAddress = load._platform.ApiUrl, Timeout = TimeSpan.FromMinutes(5) };
        load._client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", load._platform.Options.ApiKey);
        return load;
    }

    public string StorageConnectionString => _platform!.StorageConnectionString;

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_platform is not null)
            await _platform.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Uploads <paramref name="lines"/> lines of <paramref name="text"/> characters each and has them validated.</summary>
    /// <returns>Seconds that the validator says it took, shard rows included.</returns>
    public async Task<double> ValidateAsync(string model, int lines, int text, CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent { { new StringContent("batch"), "purpose" } };
        form.Add(new ByteArrayContent(LinesOf(model, lines, text)), "file", "lines.jsonl");
        var file = await ReadAsync(await _client!.PostAsync("/v1/files", form, cancellationToken), cancellationToken);
        var body = $$"""{"input_file_id":"{{file}}","endpoint":"/v1/embeddings","completion_window":"24h"}""";
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        await ReadAsync(await _client.PostAsync("/v1/batches", content, cancellationToken), cancellationToken);
        return await _seconds.Task.WaitAsync(TimeSpan.FromMinutes(2), cancellationToken);
    }

    /// <summary>Peak resident memory of the gateway's own process, from Linux.</summary>
    public async Task<double> PeakMegabytesAsync(CancellationToken cancellationToken)
    {
        using var status = JsonDocument.Parse(await _client!.GetStringAsync("/admin/host/status", cancellationToken));
        var process = status.RootElement.GetProperty("workerProcessId").GetInt32();
        var peak = (await File.ReadAllLinesAsync($"/proc/{process}/status", cancellationToken)).First(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
        return double.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    private void OnLine(string service, string line)
    {
        var found = line.IndexOf(Validated, StringComparison.Ordinal);
        if (service != "functions" || found < 0)
            return;
        var words = line[found..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var before = Array.IndexOf(words, "in");
        _seconds.TrySetResult(double.Parse(words[before + 1], CultureInfo.InvariantCulture));
    }

    private static byte[] LinesOf(string model, int lines, int text)
    {
        using var content = new MemoryStream(lines * (text + 128));
        var filler = string.Concat(Enumerable.Repeat("words of a text ", text / 16 + 1))[..text];
        for (var i = 0; i < lines; i++)
        {
            content.Write(Encoding.UTF8.GetBytes(
                $$$"""{"custom_id":"request-{{{i}}}","method":"POST","url":"/v1/embeddings","body":{"model":"{{{model}}}","input":"{{{filler}}}"}}""" + "\n"));
        }

        return content.ToArray();
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw new InvalidOperationException($"{(int)response.StatusCode}: {text}");
            using var json = JsonDocument.Parse(text);
            return json.RootElement.GetProperty("id").GetString()!;
        }
    }
}
