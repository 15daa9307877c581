using System.Diagnostics.Metrics;

namespace Serverless.Telemetry.Machine;

/// <summary>Processor, memory and network of the container under OpenTelemetry's names; what the kernel does not tell is not there.</summary>
internal sealed class MachineMetrics
{
    public MachineMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Serverless.Machine");
        var cgroup = new Cgroup();
        var network = new NetworkCounters();
        meter.CreateObservableCounter("container.cpu.time", () => Of(cgroup.ProcessorSeconds()), "s", "Processor time of the container.");
        meter.CreateObservableGauge("container.memory.usage", () => Of(cgroup.MemoryUsage()), "By", "Memory of the container in use.");
        meter.CreateObservableGauge("container.memory.limit", () => Of(cgroup.MemoryLimit()), "By", "Memory that the container may use.");
        meter.CreateObservableCounter("container.network.io", () => Of(network.Read()), "By", "Bytes over the network, loopback left out.");
    }

    private static Measurement<double>[] Of(double? value) => value is { } known ? [new(known)] : [];

    private static Measurement<double>[] Of((long Received, long Sent)? bytes) => bytes is { } known
        ?
        [
            new(known.Received, new KeyValuePair<string, object?>("network.io.direction", "receive")),
            new(known.Sent, new KeyValuePair<string, object?>("network.io.direction", "transmit")),
        ]
        : [];
}
