using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Serverless.Contracts.Configuration;
using Serverless.Telemetry.Prometheus;

namespace Serverless.Telemetry;

/// <summary>Turns a process's telemetry on.</summary>
public static class TelemetryRegistration
{
    /// <summary>
    /// Adds a <see cref="PrometheusExporter"/>, and exports traces, metrics and logs to wherever the configuration says:
    /// <see cref="Settings.OtlpEndpoint"/> for OTLP, <see cref="Settings.ApplicationInsights"/> for Azure Monitor, neither for nowhere.
    /// </summary>
    public static IHostApplicationBuilder AddServerlessTelemetry(this IHostApplicationBuilder builder, TelemetryOptions options)
    {
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<PrometheusExporter>();
        builder.Services.AddSingleton<ProcessMetrics>();
        // Instruments count from the first listener on: start with the process, not with the first scrape.
        builder.Services.AddHostedService<TelemetryStart>();

        var otlp = !string.IsNullOrEmpty(builder.Configuration[Settings.OtlpEndpoint]);
        var azure = builder.Configuration[Settings.ApplicationInsights];
        if (otlp || !string.IsNullOrEmpty(azure))
            AddOpenTelemetry(builder, options, otlp, azure);
        return builder;
    }

    private static void AddOpenTelemetry(IHostApplicationBuilder builder, TelemetryOptions options, bool otlp, string? azure)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(options.ServiceName))
            .WithMetrics(metrics => metrics.AddMeter([.. options.Meters]))
            .WithTracing(traces => traces
                .AddSource([.. options.Sources])
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation())
            .WithLogging(null, logs => logs.IncludeScopes = true);
        if (otlp)
            telemetry.UseOtlpExporter();
        if (string.IsNullOrEmpty(azure))
            return;
        var credential = AzureMonitorCredential.Parse(builder.Configuration[Settings.ApplicationInsightsAuthentication]);
        telemetry
            .WithMetrics(metrics => metrics.AddAzureMonitorMetricExporter(Configure))
            .WithTracing(traces => traces.AddAzureMonitorTraceExporter(Configure))
            .WithLogging(logs => logs.AddAzureMonitorLogExporter(Configure));

        void Configure(AzureMonitorExporterOptions exporter)
        {
            exporter.ConnectionString = azure;
            exporter.Credential = credential;
        }
    }
}
