using Microsoft.Extensions.Options;
using Serverless.Worker.Configuration;

namespace Serverless.Worker.Draining;

/// <summary>Adds the drain.</summary>
internal static class DrainRegistration
{
    public static IServiceCollection AddDrain(this IServiceCollection services)
    {
        services.AddSingleton<Drain>();
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddOptions<HostOptions>().Configure<IOptions<WorkerOptions>>((host, worker) =>
        {
            host.ShutdownTimeout = worker.Value.DrainTime + Drain.WindDown;
            // Queues are let go of while requests are still answered, not after.
            host.ServicesStopConcurrently = true;
        });
        return services;
    }
}
