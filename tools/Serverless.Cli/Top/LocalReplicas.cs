using System.Globalization;
using Serverless.Topology.Platform;

namespace Serverless.Cli.Top;

/// <summary>Where the local platform tells of its replicas.</summary>
/// <param name="Containers">The container host's status.</param>
/// <param name="Worker">The metrics of the worker, where it runs without a container host.</param>
internal sealed record LocalReplicas(Uri Containers, Uri Worker)
{
    public static LocalReplicas Usual { get; } =
        new(UrlOf(PlatformPorts.Usual.ContainerHost.Management), UrlOf(PlatformPorts.Usual.WorkerMetrics));

    private static Uri UrlOf(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
}
