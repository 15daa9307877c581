using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Models.Storage;

namespace Serverless.Gateway.Queues;

internal static class QueuedRequestServices
{
    /// <summary>Single requests over queues. Needs the clients that jobs register, and operations.</summary>
    public static IServiceCollection AddQueuedRequests(this IServiceCollection services, IConfiguration configuration) =>
        services
            .AddSingleton(_ => StorageAccount.CreateBlobClient(configuration))
            .AddSingleton<InferenceQueue>()
            .AddSingleton<QueuedRequestHandler>()
            .AddSingleton<RequestDeadLetters>();
}
