using System.Globalization;
using System.Net.Http.Json;
using Serverless.Topology.Layout;
using Serverless.Topology.Processes;

namespace Serverless.FunctionsHost.Tests.Running;

/// <summary>The functions host as a process of its own, over the sample app.</summary>
internal sealed class HostUnderTest : IAsyncDisposable
{
    private readonly ServiceProcess _process;

    private HostUnderTest(ServiceProcess process, Uri url)
    {
        _process = process;

        // A client that leaves closes its connection at once; by default it would first read on for two seconds.
        var handler = new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero };
        Client = new HttpClient(handler) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
    }

    public HttpClient Client { get; }

    public Uri Url => Client.BaseAddress!;

    public IReadOnlyList<string> Output => _process.Output;

    public static async Task<HostUnderTest> StartAsync(params (string Name, string Value)[] settings)
    {
        var repository = Repository.Find();
        var url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Pick(1)[0]}"));
        var assembly = repository.AssemblyOf("tools/Serverless.FunctionsHost");
        var command = new ServiceCommand(
            "functions",
            "dotnet",
            [assembly, "--app", repository.OutputOf("tests/Serverless.SampleFunctions"), "--urls", url.ToString()],
            Path.GetDirectoryName(assembly)!,
            settings.ToDictionary(s => s.Name, s => s.Value),
            new Uri(url, "/admin/host/status"));
        var host = new HostUnderTest(await ServiceProcess.StartAsync(command), url);
        await host._process.WaitUntilReadyAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return host;
    }

    public async Task<HostStatusReply> StatusAsync(CancellationToken cancellationToken) =>
        (await Client.GetFromJsonAsync<HostStatusReply>("/admin/host/status", cancellationToken))!;

    /// <summary>What the sample app has noted under a name; waits until at least so many entries are there.</summary>
    public async Task<IReadOnlyList<SampleEvent>> EventsAsync(string name, int atLeast, CancellationToken cancellationToken)
    {
        using var limit = Patience.Limit(cancellationToken);
        while (true)
        {
            var events = await Client.GetFromJsonAsync<SampleEvent[]>($"/api/v9/events/{name}", limit.Token);
            if (events!.Length >= atLeast) return events;
            await Task.Delay(20, limit.Token);
        }
    }

    public Task KillAsync() => _process.KillAsync();

    /// <summary>SIGTERM, then waits for the end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Client.Dispose();
    }
}
