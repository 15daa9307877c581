using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Serverless.FunctionsHost.Rpc;

namespace Serverless.FunctionsHost.Telemetry;

internal static class TelemetryExport
{
    private const string WorkerStream = "/AzureFunctionsRpcMessages.FunctionRpc";

    /// <summary>
    /// Exports the host's traces, metrics and logs over OTLP when an endpoint is given. OTEL_SERVICE_NAME names the app, whose
    /// worker inherits it; the host has a name of its own.
    /// </summary>
    public static void AddTelemetryExport(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) return;
        builder.Logging.AddFilter<OpenTelemetryLoggerProvider>(RpcLogForwarder.CategoryPrefix + "*", LogLevel.None);
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("functions-host"))
            .WithTracing(traces => traces
                .AddSource(HostTelemetry.Name)

                // The worker's stream is one request that lasts as long as the worker.
                .AddAspNetCoreInstrumentation(o => o.Filter = c => !c.Request.Path.StartsWithSegments(WorkerStream))

                // A call without a parent is a look into a queue, several a second.
                .AddHttpClientInstrumentation(o => o.FilterHttpRequestMessage = _ => Activity.Current?.ParentId is not null))
            .WithMetrics(metrics => metrics
                .AddMeter(HostTelemetry.Name)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation())
            .WithLogging()
            .UseOtlpExporter();
    }
}
