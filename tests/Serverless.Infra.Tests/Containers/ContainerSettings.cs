using System.Security.Cryptography;
using System.Text;
using Serverless.Contracts.Trust;
using Serverless.Infra.Tests.Bicep;

namespace Serverless.Infra.Tests.Containers;

/// <summary>The settings that Bicep gives an app, with this machine's values where Azure's cannot be had here.</summary>
internal static class ContainerSettings
{
    // What stands for Azure: emulators take a connection string in their place, and nothing is sent to Azure Monitor.
    private static readonly string[] OfAzure =
    [
        "Storage__blobServiceUri", "Storage__queueServiceUri", "Storage__tableServiceUri", "Storage__clientId", "Storage__credential",
        "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId",
        "ServiceBus__fullyQualifiedNamespace", "AZURE_CLIENT_ID", "Worker__ModelStore", "Gateway__ModelStore", "Worker__Preload__0",
        "Worker__EntraAuthority", "Worker__EntraAudience", "Worker__EntraGateway", "Gateway__WorkerAudience",
        "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "OTEL_EXPORTER_OTLP_ENDPOINT",
    ];

    // As a deployment without an app registration for the worker has it.
    private static readonly string WorkerKey = GatewayKey.Create();

    public static IReadOnlyDictionary<string, string> Worker((string Storage, string ServiceBus) emulators, int port, int metricsPort, string cache) =>
        With("worker", new()
        {
            ["Storage"] = emulators.Storage,
            ["ServiceBus"] = emulators.ServiceBus,
            ["Worker__Url"] = $"http://0.0.0.0:{port}",
            ["Worker__MetricsUrl"] = $"http://0.0.0.0:{metricsPort}",
            ["Worker__CacheFolder"] = cache,
            ["Worker__GatewayKeys__0"] = WorkerKey,
            // Its port belongs to the container alone; here others may have it.
            ["Worker__GrpcUrl"] = "",
            // The one thing that this machine may lack. The list of providers stays: cuda is tried, and cpu serves.
            ["Worker__RequireGpu"] = "false",
        });

    public static IReadOnlyDictionary<string, string> Gateway((string Storage, string ServiceBus) emulators, string workerUrl, string key) =>
        With("gateway", new()
        {
            ["Storage"] = emulators.Storage,
            ["ServiceBus"] = emulators.ServiceBus,
            ["AzureWebJobsStorage"] = emulators.Storage,
            ["Gateway__WorkerUrl"] = workerUrl,
            ["Gateway__WorkerKey"] = WorkerKey,
            ["Gateway__ApiKeys__0__Sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))),
        });

    private static Dictionary<string, string> With(string app, Dictionary<string, string> changes)
    {
        var settings = Snapshot.Read(Snapshot.Full).SettingsOf(app).Where(setting => !OfAzure.Contains(setting.Key)).ToDictionary();
        foreach (var (name, value) in changes)
            settings[name] = value;
        // An expression that only Azure can evaluate would not be noticed otherwise.
        Assert.DoesNotContain(settings, setting => setting.Value.StartsWith('['));
        var project = app == "worker" ? "Serverless.Worker" : "Serverless.Gateway";
        foreach (var (name, value) in Dockerfile.Read($"functions/{project}/Dockerfile").Environment)
            settings.TryAdd(name, value);
        settings.Remove("DOTNET_ROOT");
        return settings;
    }
}
