using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Serverless.Contracts.Configuration;
using Serverless.Telemetry.Gpu;
using Serverless.Telemetry.Machine;
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
        builder.Services.AddSingleton<MessagingMetrics>();
        builder.Services.AddSingleton<ProcessMetrics>();
        builder.Services.AddSingleton<MachineMetrics>();
        builder.Services.AddSingleton<GpuMetrics>();
        // Instruments count from the first listener on: start with the process, not with the first scrape.
        builder.Services.AddHostedService<TelemetryStart>();

        var otlp = !string.IsNullOrEmpty(builder.Configuration[Settings.OtlpEndpoint]);
        var azure = builder.Configuration[Settings.ApplicationInsights];
        if (otlp || !string.IsNullOrEmpty(azure))
            AddOpenTelemetry(builder, options, otlp, azure);
        return builder;
    }

    /// <summary>
    /// Has what listens listen now, and not when the host starts: for those who measure something once before that, as a model that is loaded
    /// meanwhile.
    /// </summary>
    public static void ListenNow(this IServiceProvider services)
    {
        services.GetRequiredService<PrometheusExporter>();
        services.GetService<MeterProvider>();
    }

    // What the environment says (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES) goes before what the program says of itself.
    private static void Describe(ResourceBuilder resource, TelemetryOptions options) => resource
        .AddService(
            options.ServiceName,
            serviceVersion: typeof(TelemetryRegistration).Assembly.GetName().Version?.ToString(3),
            serviceInstanceId: $"{Environment.MachineName}:{Environment.ProcessId}")
        .AddEnvironmentVariableDetector();

    private static void AddOpenTelemetry(IHostApplicationBuilder builder, TelemetryOptions options, bool otlp, string? azure)
    {
        // Without it the Service Bus client has no spans, and its messages carry no trace.
        AppContext.SetSwitch("Azure.Experimental.EnableActivitySource", true);
        // The framework describes its spans itself where they are sampled (RequestSpans tells the rest). OpenTelemetry's instrumentation listens
        // to two events of every request, sampled or not.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        var ratio = SampleRatio.Read(builder.Configuration);
        var sampling = ratio is { } part && !options.IsPublic ? new RequestSampling(part) : null;
        builder.Services.AddSingleton<IStartupFilter>(new RequestSpans(sampling));
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => Describe(resource, options))
            .WithMetrics(metrics => AddMetrics(metrics, options))
            .WithTracing(traces => traces.AddSource(sampling is null ? [.. options.Sources, "Microsoft.AspNetCore"] : [.. options.Sources]))
            .WithLogging(null, logs => logs.IncludeScopes = true);
        if (otlp)
            telemetry.UseOtlpExporter();
        if (!string.IsNullOrEmpty(azure))
            AddAzureMonitor(builder, telemetry, azure);

        // Last: Azure Monitor's exporter brings a sampler of its own, five traces a second.
        telemetry.WithTracing(traces => SampleRatio.Apply(traces, ratio, options.IsPublic));
    }

    private static void AddMetrics(MeterProviderBuilder metrics, TelemetryOptions options)
    {
        metrics.AddMeter([.. options.Meters]).SetExemplarFilter(ExemplarFilterType.TraceBased);
        // Two measurements of every request, which behind the gateway tell what the gateway's tell already; /metrics has it all the same.
        if (!options.IsPublic)
            metrics.AddView("http.server.active_requests", MetricStreamConfiguration.Drop);
    }

    private static void AddAzureMonitor(IHostApplicationBuilder builder, OpenTelemetryBuilder telemetry, string azure)
    {
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
