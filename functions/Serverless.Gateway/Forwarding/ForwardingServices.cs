using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Gateway.Forwarding.Streams;

namespace Serverless.Gateway.Forwarding;

internal static class ForwardingServices
{
    public static IServiceCollection AddForwarding(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ForwardingOptions>()
            .BindConfiguration(ForwardingOptions.Section)
            .ValidateDataAnnotations();
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpForwarder();
        return services
            .AddSingleton<WorkerClient>().AddSingleton<PlainSender>().AddSingleton<StreamCopy>().AddSingleton<StreamSender>().AddSingleton<WorkerSender>()
            .AddSingleton<ReplayMetrics>().AddSingleton<Delivery>().AddSingleton<WorkerForwarder>();
    }
}
