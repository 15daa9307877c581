using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Contracts.Trust;
using Serverless.Gateway.Forwarding.Access;
using Serverless.Gateway.Forwarding.Streams;
using Serverless.Models.Storage;

namespace Serverless.Gateway.Forwarding;

internal static class ForwardingServices
{
    public static IServiceCollection AddForwarding(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ForwardingOptions>()
            .BindConfiguration(ForwardingOptions.Section)
            .ValidateDataAnnotations()
            .Validate(options => options.WorkerKey is not { } key || GatewayKey.Parse(key) is not null, $"Gateway:WorkerKey {GatewayKey.Rule}.")
            .Validate(
                options => options.WorkerKey is null || string.IsNullOrEmpty(options.WorkerAudience),
                "Gateway:WorkerKey and Gateway:WorkerAudience exclude each other: the worker knows its gateway in one way.");
        services.TryAddSingleton(provider => new Lazy<TokenCredential>(() => StorageAccount.CreateCredential(provider.GetRequiredService<IConfiguration>())));
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpForwarder();
        return services
            .AddSingleton<AppToken>().AddSingleton<WorkerAccess>().AddSingleton<WorkerTransformer>().AddSingleton<WorkerClient>()
            .AddSingleton<PlainSender>().AddSingleton<StreamCopy>().AddSingleton<StreamSender>().AddSingleton<WorkerSender>()
            .AddSingleton<ReplayMetrics>().AddSingleton<Delivery>().AddSingleton<ChargedDelivery>().AddSingleton<WorkerForwarder>();
    }
}
