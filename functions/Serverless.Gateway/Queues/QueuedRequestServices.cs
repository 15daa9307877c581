using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Models.Storage;

namespace Serverless.Gateway.Queues;

internal static class QueuedRequestServices
{
    /// <summary>Single requests over queues. Needs the clients that jobs register, operations, limits of tenants and costs.</summary>
    public static IServiceCollection AddQueuedRequests(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<QueueOptions, QueueOptionsValidator>().BindConfiguration(QueueOptions.Section);
        return services
            .AddSingleton(_ => StorageAccount.CreateBlobClient(configuration))
            .AddSingleton<InferenceQueue>()
            .AddSingleton<QueueAdmission>()
            .AddSingleton<QueuedRequestHandler>()
            .AddSingleton<RequestDeadLetters>()
            .AddSingleton<PoisonRequests>();
    }

    /// <summary>Triggers for the queues of tenants, beside those that the build found.</summary>
    public static IServiceCollection AddTenantQueues(this IServiceCollection services)
    {
        var declared = services.Last(service => service.ServiceType == typeof(IFunctionMetadataProvider));
        return services.AddSingleton<IFunctionMetadataProvider>(provider => ActivatorUtilities.CreateInstance<TenantQueueFunctions>(
            provider, ActivatorUtilities.CreateInstance(provider, declared.ImplementationType!)));
    }
}
