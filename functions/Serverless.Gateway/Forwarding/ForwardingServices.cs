using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Contracts.Trust;
using Serverless.Gateway.Forwarding.Access;
using Serverless.Gateway.Forwarding.Streams;

namespace Serverless.Gateway.Forwarding;

internal static class ForwardingServices
{
    public static IServiceCollection AddForwarding(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ForwardingOptions>()
            .BindConfiguration(ForwardingOptions.Section)
            .ValidateDataAnnotations()
            .Validate(options => options.WorkerKey is not { } key || GatewayKey.Parse(key) is not null, $"Gateway:WorkerKey {GatewayKey.Rule}.");
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpForwarder();
        return services
            .AddSingleton<WorkerAccess>().AddSingleton<WorkerTransformer>().AddSingleton<WorkerClient>()
            .AddSingleton<PlainSender>().AddSingleton<StreamCopy>().AddSingleton<StreamSender>().AddSingleton<WorkerSender>()
            .AddSingleton<ReplayMetrics>().AddSingleton<Delivery>().AddSingleton<ChargedDelivery>().AddSingleton<WorkerForwarder>();
    }
}
