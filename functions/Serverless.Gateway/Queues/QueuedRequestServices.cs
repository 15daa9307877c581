using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Models.Storage;

namespace Serverless.Gateway.Queues;

internal static class QueuedRequestServices
{
    public static IServiceCollection AddQueuedRequests(this IServiceCollection services, IConfiguration configuration) =>
        services
            .AddSingleton(_ => StorageAccount.CreateBlobClient(configuration))
            .AddSingleton<ResultStore>()
            .AddSingleton<QueuedRequestRunner>()
            .AddSingleton<QueuedRequestHandler>();
}
