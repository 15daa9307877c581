using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Queues;
using Serverless.Telemetry;
using Serverless.Worker.Starting;

namespace Serverless.Worker.Jobs;

/// <summary>Registers the consumers, where there is a Service Bus to consume from.</summary>
internal static class JobRegistration
{
    public static void AddJobs(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<JobOptions>().BindConfiguration(JobOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<JobOptions>, JobOptionsValidator>();
        services.AddSingleton<JobMetrics>();
        services.AddSingleton<LineRunner>();
        if (!ServiceBusAccount.IsConfigured(builder.Configuration))
            return;
        services.AddSingleton(provider => JobStorage.Open(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => ServiceBusAccount.Create(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => new ShardQueue(
            provider.GetRequiredService<ServiceBusClient>()
                .CreateSender(ServiceBusQueues.ShardsOf(provider.GetRequiredService<IOptions<JobOptions>>().Value.Pool)),
            provider.GetRequiredService<MessagingMetrics>()));
        services.AddSingleton<ShardRows>();
        services.AddSingleton<SegmentStore>();
        services.AddSingleton<JobEvents>();
        services.AddSingleton<ShardRun>();
        services.AddSingleton<ShardHandler>();
        services.AddSingleton<QueueConsumer>();
        services.AddSingleton<RequestBodies>().AddSingleton<ResultStore>().AddSingleton<RequestHandler>();
        services.AddLateService<ShardConsumer>();
        services.AddLateService<RequestConsumer>();
    }
}
