using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Serverless.FunctionsHost.Rpc;

namespace Serverless.FunctionsHost.Telemetry;

internal static class TelemetryExport
{
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
            .WithTracing(traces => traces.AddSource(HostTelemetry.Name).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation())
            .WithMetrics(metrics => metrics
                .AddMeter(HostTelemetry.Name)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation())
            .WithLogging()
            .UseOtlpExporter();
    }
}
