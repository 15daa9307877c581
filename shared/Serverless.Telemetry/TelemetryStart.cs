using Microsoft.Extensions.Hosting;
using Serverless.Telemetry.Prometheus;

namespace Serverless.Telemetry;

/// <summary>Creates what listens and reports when the host starts, since nothing else asks for it.</summary>
internal sealed class TelemetryStart(PrometheusExporter exporter, ProcessMetrics metrics) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        GC.KeepAlive(exporter);
        GC.KeepAlive(metrics);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
