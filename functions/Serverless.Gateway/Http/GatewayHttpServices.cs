using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Gateway.Health;

namespace Serverless.Gateway.Http;

internal static class GatewayHttpServices
{
    public static IServiceCollection AddGatewayHttp(this IServiceCollection services)
    {
        // Kestrel's default of 30 MB would refuse what WorkerForwarder allows; that one sets the limit per request.
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
        });
        services.AddSingleton<IStartupFilter, SecurityHeaders>();
        return services.AddSingleton<GatewayPipeline>().AddSingleton<ReadinessProbe>();
    }
}
