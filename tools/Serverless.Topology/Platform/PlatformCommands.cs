using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Serverless.Contracts.Configuration;
using Serverless.Scaling;
using Serverless.Topology.Azurite;
using Serverless.Topology.Layout;
using Serverless.Topology.Processes;

namespace Serverless.Topology.Platform;

/// <summary>How each service of a local platform is started: the one place that knows arguments and settings.</summary>
public sealed class PlatformCommands(Repository repository, PlatformOptions options)
{
    // The gateway answers 413 itself at its own limit; the host's limit only has to be out of its way.
    private const long GatewayBodyLimit = 512L << 20;
    private const long HostBodyLimit = GatewayBodyLimit + (16L << 20);

    /// <summary>The storage emulator.</summary>
    /// <param name="script">Azurite's entry script, from <see cref="AzuriteInstallation"/>.</param>
    public ServiceCommand Azurite(string script) =>
        AzuriteCommand.Create(script, options.Ports.Storage, Path.Combine(options.DataFolder, "azurite"), options.StorageLog);

    /// <summary>The Service Bus emulator with the queues of <c>tools/servicebus/Config.json</c>.</summary>
    public ServiceCommand ServiceBus()
    {
        var ports = options.Ports.ServiceBus;
        string[] arguments =
        [
            "--config", Path.Combine(repository.Root, "tools", "servicebus", "Config.json"),
            "--data", Path.Combine(options.DataFolder, "servicebus"),
            "--amqp-port", ports.Amqp.ToString(CultureInfo.InvariantCulture),
            "--http-port", ports.Http.ToString(CultureInfo.InvariantCulture),
        ];
        return Dotnet("servicebus", repository.AssemblyOf("tools/Serverless.ServiceBusEmulator"), arguments, [], $"{UrlOf(ports.Http)}/health");
    }

    /// <summary>The worker.</summary>
    public ServiceCommand Worker()
    {
        var settings = new Dictionary<string, string>
        {
            [Settings.Storage] = options.Ports.Storage.ConnectionString,
            [Settings.ServiceBus] = options.Ports.ServiceBus.ConnectionString,
            [Settings.WorkerUrl] = UrlOf(options.Ports.Worker),
            [Settings.WorkerMetricsUrl] = UrlOf(options.Ports.WorkerMetrics),
            [Settings.WorkerCacheFolder] = Path.Combine(options.DataFolder, "model-cache"),
            [Settings.WorkerGrpcUrl] = UrlOf(options.Ports.WorkerGrpc),

            // Native code reads this from the process's first environment; the process cannot set it for itself.
            ["ORT_DISABLE_TELEMETRY"] = "1",
        };
        if (options.WorkerKey is { } key)
            settings[$"{Settings.WorkerGatewayKeys}__0"] = key;
        var assembly = repository.AssemblyOf("functions/Serverless.Worker");
        return Dotnet("worker", assembly, [], With(settings, options.WorkerSettings), $"{UrlOf(options.Ports.Worker)}/v2/health/live");
    }

    /// <summary>The container host, which starts and stops replicas of the worker.</summary>
    public ServiceCommand ContainerHost()
    {
        var replicas = options.Replicas ?? new WorkerReplicas();
        var ports = options.Ports.ContainerHost;
        var scaleFile = replicas.ScaleFile ?? Path.Combine(repository.Root, "infra", "scale.json");
        var settings = new Dictionary<string, string>
        {
            ["ContainerHost__Url"] = UrlOf(ports.Ingress),
            ["ContainerHost__ManagementUrl"] = UrlOf(ports.Management),
            ["ContainerHost__ScaleFile"] = scaleFile,
            ["ContainerHost__Speed"] = replicas.Speed.ToString(CultureInfo.InvariantCulture),
            ["ContainerHost__ServiceBusAdministration"] = options.Ports.ServiceBus.AdminConnectionString,
        };
        if (replicas.Max is { } most)
            settings["ContainerHost__MaxReplicas"] = most.ToString(CultureInfo.InvariantCulture);
        ReplicaTemplate.AddTo(settings, Replica(ScaleRules.Load(scaleFile).Worker));
        return Dotnet("containers", repository.AssemblyOf("tools/Serverless.ContainerHost"), [], settings, $"{UrlOf(ports.Management)}/health");
    }

    /// <summary>The Functions host with the gateway in it.</summary>
    public ServiceCommand Functions()
    {
        var settings = new Dictionary<string, string>
        {
            [Settings.Storage] = options.Ports.Storage.ConnectionString,
            ["AzureWebJobsStorage"] = options.Ports.Storage.ConnectionString,
            [Settings.HostBodySizeLimit] = HostBodyLimit.ToString(CultureInfo.InvariantCulture),
            [Settings.GatewayMaxBodyBytes] = GatewayBodyLimit.ToString(CultureInfo.InvariantCulture),
            [Settings.ServiceBus] = options.Ports.ServiceBus.ConnectionString,
            [Settings.GatewayWorkerUrl] = UrlOf(options.Replicas is null ? options.Ports.Worker : options.Ports.ContainerHost.Ingress),
            [$"{Settings.GatewayApiKeys}__0__Name"] = "development",

            // As in the gateway's image, for memory; see there.
            ["DOTNET_GCgen0size"] = "0x400000",
            ["MALLOC_ARENA_MAX"] = "2",

            // Shorter than ServiceProcess waits before it kills, and than a person waits for a message after a crash.
            ["FunctionsHost__DrainTimeout"] = "00:00:05",
            ["FunctionsHost__QueueLease"] = "00:00:30",
            [$"{Settings.GatewayApiKeys}__0__Sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.ApiKey))),
            [$"{Settings.GatewayApiKeys}__0__Operator"] = "true",
        };
        if (options.WorkerKey is { } key)
            settings[Settings.GatewayWorkerKey] = key;
        if (options.Replicas is { Speed: > 1 } replicas)
            settings["Gateway__Holding__WarmFor"] = (TimeSpan.FromSeconds(30) / replicas.Speed).ToString("c");
        var url = UrlOf(options.Ports.Functions);
        return Dotnet(
            "functions",
            repository.AssemblyOf("tools/Serverless.FunctionsHost"),
            ["--app", repository.OutputOf("functions/Serverless.Gateway"), "--urls", url],
            With(settings, options.GatewaySettings),
            $"{url}/health/ready");
    }

    // As infra/modules/worker.bicep has it, unless this platform's own settings say otherwise.
    private ServiceCommand Replica(WorkerScale rules)
    {
        var worker = Worker();
        var settings = new Dictionary<string, string> { [Settings.WorkerDrainTime] = rules.DrainTime.ToString("c") };
        return worker with { Environment = With(settings, worker.Environment) };
    }

    private static ServiceCommand Dotnet(
        string name, string assembly, string[] arguments, Dictionary<string, string> settings, string ready) =>
        new(name, "dotnet", [assembly, .. arguments], Path.GetDirectoryName(assembly)!, settings, new Uri(ready));

    private static Dictionary<string, string> With(Dictionary<string, string> settings, IReadOnlyDictionary<string, string> more)
    {
        foreach (var (name, value) in more)
            settings[name] = value;
        return settings;
    }

    private static string UrlOf(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
}
