using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Gateway.Holding;

internal static class HoldingServices
{
    /// <summary>Requests that wait for a replica. Needs the worker's connections, which forwarding registers, and the models of jobs.</summary>
    public static IServiceCollection AddHolding(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<HoldingOptions>().BindConfiguration(HoldingOptions.Section).ValidateDataAnnotations();
        return services
            .AddSingleton<HoldingMetrics>().AddSingleton<ReplicaState>().AddSingleton<WakeUp>().AddSingleton<HeldRequests>()
            .AddSingleton<ModelGate>().AddSingleton<Patience>().AddSingleton<HoldingGate>();
    }
}
