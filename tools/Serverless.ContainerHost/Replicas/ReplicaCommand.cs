using System.Globalization;
using Serverless.ContainerHost.Settings;
using Serverless.Topology.Processes;

namespace Serverless.ContainerHost.Replicas;

/// <summary>Fills in the template for one replica.</summary>
internal static class ReplicaCommand
{
    public static ServiceCommand Of(ReplicaTemplate template, string name, ReplicaPorts ports)
    {
        var environment = new Dictionary<string, string>();
        foreach (var variable in template.Environment)
            environment[variable.Name] = Fill(variable.Value, name, ports);
        return new ServiceCommand(
            name,
            template.Program,
            [.. template.Arguments.Select(argument => Fill(argument, name, ports))],
            template.WorkingDirectory,
            environment,
            new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ports.Http}/")));
    }

    private static string Fill(string text, string name, ReplicaPorts ports) => text
        .Replace("{http}", Text(ports.Http), StringComparison.Ordinal)
        .Replace("{metrics}", Text(ports.Metrics), StringComparison.Ordinal)
        .Replace("{grpc}", Text(ports.Grpc), StringComparison.Ordinal)
        .Replace("{name}", name, StringComparison.Ordinal);

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
