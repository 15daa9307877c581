using Microsoft.Extensions.Hosting;
using Serverless.Telemetry.Gpu;
using Serverless.Telemetry.Machine;
using Serverless.Telemetry.Prometheus;

namespace Serverless.Telemetry;

/// <summary>Creates what listens and reports when the host starts, since nothing else asks for it.</summary>
internal sealed class TelemetryStart(PrometheusExporter exporter, ProcessMetrics process, MachineMetrics machine, GpuMetrics gpus) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        GC.KeepAlive(exporter);
        GC.KeepAlive(process);
        GC.KeepAlive(machine);
        GC.KeepAlive(gpus);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
