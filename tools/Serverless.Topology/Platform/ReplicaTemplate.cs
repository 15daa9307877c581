using System.Globalization;
using Serverless.Contracts.Configuration;
using Serverless.Topology.Processes;

namespace Serverless.Topology.Platform;

/// <summary>
/// Writes how a replica is started into the container host's settings. Everything goes by environment, which only this user can read.
/// </summary>
internal static class ReplicaTemplate
{
    private const string Prefix = "ContainerHost__Replica__";

    // Each replica has ports of its own, which the host fills in.
    private static readonly Dictionary<string, string> Own = new()
    {
        [Settings.WorkerUrl] = "http://127.0.0.1:{http}",
        [Settings.WorkerMetricsUrl] = "http://127.0.0.1:{metrics}",
        [Settings.WorkerGrpcUrl] = "http://127.0.0.1:{grpc}",

        // Replicas inherit the host's environment: to a collector they must not all be the host.
        ["OTEL_SERVICE_NAME"] = "worker",
        ["OTEL_RESOURCE_ATTRIBUTES"] = "service.instance.id={name}",
    };

    public static void AddTo(Dictionary<string, string> settings, ServiceCommand worker)
    {
        settings[$"{Prefix}Name"] = worker.Name;
        settings[$"{Prefix}Program"] = worker.Program;
        settings[$"{Prefix}WorkingDirectory"] = worker.WorkingDirectory;
        foreach (var (index, argument) in worker.Arguments.Index())
            settings[string.Create(CultureInfo.InvariantCulture, $"{Prefix}Arguments__{index}")] = argument;
        foreach (var (index, (name, value)) in worker.Environment.Where(pair => !Own.ContainsKey(pair.Key)).Concat(Own).Index())
        {
            var variable = string.Create(CultureInfo.InvariantCulture, $"{Prefix}Environment__{index}__");
            settings[variable + "Name"] = name;
            settings[variable + "Value"] = value;
        }
    }
}
