using Serverless.Topology.Azurite;
using Serverless.Topology.Processes;
using Serverless.Topology.ServiceBus;

namespace Serverless.Topology.Platform;

/// <summary>The ports of every service of a local platform; all on the loopback interface.</summary>
/// <param name="Functions">The Functions host: the API that users call.</param>
/// <param name="Worker">The worker's requests.</param>
/// <param name="WorkerMetrics">The worker's <c>/metrics</c>.</param>
/// <param name="WorkerGrpc">The worker's requests over gRPC.</param>
/// <param name="Storage">Azurite.</param>
/// <param name="ServiceBus">The Service Bus emulator.</param>
/// <param name="ContainerHost">The container host, where the worker runs in replicas.</param>
public sealed record PlatformPorts(
    int Functions,
    int Worker,
    int WorkerMetrics,
    int WorkerGrpc,
    AzuritePorts Storage,
    ServiceBusPorts ServiceBus,
    ContainerHostPorts ContainerHost)
{
    /// <summary>The ports that the tools usually have: 7071, 8080 to 8082, 8090 and 8091, 10000 to 10002, 5672 and 5300.</summary>
    public static PlatformPorts Usual { get; } =
        new(7071, 8080, 8081, 8082, AzuritePorts.Usual, ServiceBusPorts.Usual, ContainerHostPorts.Usual);

    /// <summary>Free ports, for platforms that live beside another one.</summary>
    public static PlatformPorts Free()
    {
        var ports = FreePorts.Pick(11);
        return new PlatformPorts(
            ports[0], ports[1], ports[2], ports[3],
            new AzuritePorts(ports[4], ports[5], ports[6]), new ServiceBusPorts(ports[7], ports[8]),
            new ContainerHostPorts(ports[9], ports[10]));
    }
}
