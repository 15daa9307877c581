using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Gateway.Warming;

internal static class WarmingServices
{
    /// <summary>Models that are loaded ahead of their requests.</summary>
    public static IServiceCollection AddWarming(this IServiceCollection services) =>
        services.AddSingleton<ModelWarming>().AddSingleton<WarmEndpoint>();
}
