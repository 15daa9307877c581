using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Gateway.Batches;
using Serverless.Gateway.Batches.Finalizing;
using Serverless.Gateway.Batches.Maintenance;
using Serverless.Gateway.Batches.Running;
using Serverless.Gateway.Batches.Validation;
using Serverless.Gateway.Catalogue;
using Serverless.Gateway.Files;
using Serverless.Gateway.Webhooks;
using Serverless.Models.Catalog;
using Serverless.Models.Storage;

namespace Serverless.Gateway.Jobs;

internal static class JobServices
{
    /// <summary>Files and batches. Needs a blob client, which queued requests register too.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<JobOptions>().BindConfiguration(JobOptions.Section).ValidateDataAnnotations();
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddSingleton(_ => StorageClients.CreateTableClient(configuration))
            .AddSingleton(_ => StorageClients.CreateQueueClient(configuration))
            .AddSingleton(_ => ServiceBusAccount.CreateClient(configuration))
            .AddSingleton(_ => new Lazy<TokenCredential>(() => StorageAccount.CreateCredential(configuration)))
            .AddSingleton(_ => ModelStores.Open(configuration["Gateway:ModelStore"], configuration))
            .AddSingleton<ModelCatalog>().AddSingleton<ModelEndpoints>().AddSingleton<IModelCheck, StoreModelCheck>()
            .AddSingleton<JobStorage>().AddSingleton<JobQueues>().AddSingleton<JobIds>()
            .AddFiles()
            .AddBatches();
    }

    private static IServiceCollection AddFiles(this IServiceCollection services) =>
        services.AddSingleton<FileTable>().AddSingleton<FileUpload>().AddSingleton<FileEndpoints>();

    private static IServiceCollection AddBatches(this IServiceCollection services) => services
        .AddSingleton<BatchTable>().AddSingleton<BatchIndex>().AddSingleton<BatchSlots>().AddSingleton<BatchCreation>().AddSingleton<BatchActions>()
        .AddSingleton<BatchEndpoints>()
        .AddSingleton<WorkRates>().AddSingleton<BatchValidator>()
        .AddSingleton<Segments>().AddSingleton<ReleaseWindow>().AddSingleton<BatchOwner>().AddSingleton<ShardRelease>().AddSingleton<ShardCount>().AddSingleton<FanIn>()
        .AddSingleton<LakePaths>().AddSingleton<BlobSource>().AddSingleton<LakeCopies>().AddSingleton<MissingLines>().AddSingleton<FinalizerClaim>().AddSingleton<BatchFinalizer>()
        .AddSingleton<BatchCleanUp>()
        .AddSingleton<WebhookKeys>().AddSingleton<WebhookClient>().AddSingleton<WebhookEvents>().AddSingleton<WebhookDelivery>()
        .AddSingleton<DeadLetters>().AddSingleton<PoisonQueues>().AddSingleton<StuckBatches>().AddSingleton<JobMaintenance>();
}
