using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Serverless.ContainerHost.Hosting;
using Serverless.ContainerHost.Ingress;
using Serverless.ContainerHost.Replicas;
using Serverless.ContainerHost.Scaling;
using Serverless.Scaling;
using Serverless.Topology.Layout;
using Serverless.Topology.Processes;

namespace Serverless.ContainerHost.Tests.Running;

/// <summary>A container host in this process, with real processes as its replicas.</summary>
internal sealed class TestContainers : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestContainers(Dictionary<string, string> settings, Action<IServiceCollection>? exchange)
    {
        var ports = FreePorts.Pick(2);
        (IngressUrl, ManagementUrl) = (UrlOf(ports[0]), UrlOf(ports[1]));
        var all = Settings(IngressUrl, ManagementUrl).Concat(settings);
        var builder = ContainerHostApplication.CreateBuilder([.. all.Select(setting => $"--{setting.Key}={setting.Value}")]);
        builder.Logging.ClearProviders();
        exchange?.Invoke(builder.Services);
        _app = ContainerHostApplication.Build(builder);
        Client = new HttpClient { BaseAddress = IngressUrl, Timeout = TimeSpan.FromSeconds(30) };
    }

    public Uri IngressUrl { get; }

    public Uri ManagementUrl { get; }

    /// <summary>Calls the ingress.</summary>
    public HttpClient Client { get; }

    public ReplicaPool Pool => _app.Services.GetRequiredService<ReplicaPool>();

    /// <summary>Requests that wait for a replica.</summary>
    public int Held => _app.Services.GetRequiredService<Rotation>().Held;

    public IReadOnlyList<Replica> Ready => [.. Pool.Replicas.Where(replica => replica.State == ReplicaState.Ready)];

    /// <summary>The rules decide, on clocks thirty times as fast.</summary>
    public static Task<TestContainers> StartAsync(params (string Name, string Value)[] settings) => StartAsync(null, settings);

    /// <summary>As many replicas as the test asks for.</summary>
    public static Task<TestContainers> StartUnscaledAsync(int replicas, params (string Name, string Value)[] settings) =>
        StartUnscaledAsync(replicas, ScaleRules.Load(ScaleFile).Worker.TerminationGrace, settings);

    /// <summary>As many replicas as the test asks for, each with <paramref name="grace"/> to end.</summary>
    public static async Task<TestContainers> StartUnscaledAsync(int replicas, TimeSpan grace, params (string Name, string Value)[] settings)
    {
        var containers = await StartAsync(
            services =>
            {
                services.Remove(services.Single(service => service.ImplementationType == typeof(ScaleLoop)));
                services.Replace(ServiceDescriptor.Singleton(
                    ScaleRules.Load(ScaleFile).Worker with { TerminationGrace = grace, MaxHeldRequests = 2 }));
            },
            settings);
        containers.Pool.Scale(replicas);
        await containers.WaitAsync(() => containers.Ready.Count == replicas, $"{replicas} replicas");
        return containers;
    }

    public static async Task<TestContainers> StartAsync(Action<IServiceCollection>? exchange, params (string Name, string Value)[] settings)
    {
        var containers = new TestContainers(settings.ToDictionary(setting => setting.Name, setting => setting.Value), exchange);
        await containers._app.StartAsync(TestContext.Current.CancellationToken);
        return containers;
    }

    public static Dictionary<string, string> Settings(Uri ingress, Uri management) => new()
    {
        ["ContainerHost:Url"] = ingress.ToString(),
        ["ContainerHost:ManagementUrl"] = management.ToString(),
        ["ContainerHost:ScaleFile"] = ScaleFile,
        ["ContainerHost:Speed"] = "30",
        ["ContainerHost:Replica:Program"] = "node",
        ["ContainerHost:Replica:Arguments:0"] = Path.Combine(AppContext.BaseDirectory, "Running", "replica.js"),
        ["ContainerHost:Replica:WorkingDirectory"] = AppContext.BaseDirectory,
        ["ContainerHost:Replica:Environment:0:Name"] = "PORT",
        ["ContainerHost:Replica:Environment:0:Value"] = "{http}",
        ["ContainerHost:Replica:Environment:1:Name"] = "NAME",
        ["ContainerHost:Replica:Environment:1:Value"] = "{name}",
    };

    /// <summary>A setting that gives replicas one more variable.</summary>
    public static (string Name, string Value)[] Variable(string name, string value) =>
        [("ContainerHost:Replica:Environment:2:Name", name), ("ContainerHost:Replica:Environment:2:Value", value)];

    public async Task<JsonNode> StatusAsync() =>
        (await Client.GetFromJsonAsync<JsonNode>(new Uri(ManagementUrl, "/status"), TestContext.Current.CancellationToken))!;

    public Task WaitAsync(Func<bool> condition, string what) => Eventually.Async(condition, what);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static string ScaleFile => Path.Combine(Repository.Find().Root, "infra", "scale.json");

    private static Uri UrlOf(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
}
