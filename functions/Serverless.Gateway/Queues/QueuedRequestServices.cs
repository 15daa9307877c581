using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Gateway.Queues;

internal static class QueuedRequestServices
{
    public static IServiceCollection AddQueuedRequests(this IServiceCollection services) =>
        services
            .AddSingleton<ResultStore>()
            .AddSingleton<QueuedRequestRunner>()
            .AddSingleton<QueuedRequestHandler>();
}
