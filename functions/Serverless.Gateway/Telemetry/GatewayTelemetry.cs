using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Contracts.Configuration;
using Serverless.Telemetry;

namespace Serverless.Gateway.Telemetry;

internal static class GatewayTelemetry
{
    public static TBuilder AddGatewayTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddSingleton<GatewayMetrics>();

        // YARP writes two lines for each request; every line of an isolated worker crosses its gRPC stream to the host.
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);

        // Joins the host's trace. With it the host drops this process's console logs, so it is on only when logs have another way out.
        if (!string.IsNullOrEmpty(builder.Configuration[Settings.OtlpEndpoint])
            || !string.IsNullOrEmpty(builder.Configuration[Settings.ApplicationInsights]))
        {
            builder.Services.AddOpenTelemetry().UseFunctionsWorkerDefaults();
        }

        // After those defaults, which give the service another name.
        builder.AddServerlessTelemetry(new TelemetryOptions("serverless-gateway") { IsPublic = true });
        return builder;
    }
}
