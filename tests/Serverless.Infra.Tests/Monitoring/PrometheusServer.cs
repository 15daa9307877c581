using System.Globalization;
using System.Text.Json.Nodes;
using Serverless.Infra.Tests.Containers;
using Serverless.TestKit;
using Serverless.Topology.Processes;

namespace Serverless.Infra.Tests.Monitoring;

/// <summary>A real Prometheus with the project's configuration and rules, which scrapes a published platform.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ServiceProcess _process;
    private readonly HttpClient _client;

    private PrometheusServer(TemporaryFolder folder, ServiceProcess process, Uri url)
    {
        _folder = folder;
        _process = process;
        _client = new HttpClient { BaseAddress = url };
    }

    public static async Task<PrometheusServer> StartAsync(PublishedPlatform platform)
    {
        var program = DebianPackage.Require("prometheus", "prometheus");
        var folder = new TemporaryFolder();
        Tree.Copy(Tree.PathOf("infra/monitoring"), folder.Path);
        var configuration = folder.File("prometheus.yml");
        Edit.Replace(configuration, "worker:8081", $"127.0.0.1:{platform.MetricsPort}");
        Edit.Replace(configuration, "gateway:8080", $"127.0.0.1:{platform.GatewayPort}");
        Edit.Replace(configuration, "containers:8091", $"127.0.0.1:{platform.ContainersPort}");
        Edit.Replace(configuration, "15s", "1s");
        await File.WriteAllTextAsync(folder.File("operator.key"), PublishedPlatform.Key);
        var url = $"http://127.0.0.1:{FreePorts.Pick(1)[0].ToString(CultureInfo.InvariantCulture)}";
        string[] arguments = [$"--config.file={configuration}", $"--storage.tsdb.path={folder.File("data")}",
            $"--web.listen-address={url["http://".Length..]}", "--log.level=warn"];
        var process = await ServiceProcess.StartAsync(new ServiceCommand("prometheus", program, arguments, folder.Path,
            new Dictionary<string, string>(), new Uri($"{url}/-/ready")));
        await process.WaitUntilReadyAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        return new PrometheusServer(folder, process, new Uri(url));
    }

    /// <summary>Names of all metrics that were scraped or recorded.</summary>
    public async Task<IReadOnlySet<string>> MetricNamesAsync() =>
        (await GetAsync("/api/v1/label/__name__/values"))["data"]!.AsArray().Select(name => (string)name!).ToHashSet();

    /// <summary>What it says to an expression: <c>success</c>, or the error.</summary>
    public async Task<string> EvaluateAsync(string expression)
    {
        var answer = await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}");
        return (string)answer["status"]! == "success" ? "success" : $"{answer["error"]}: {expression}";
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<JsonNode> GetAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}
