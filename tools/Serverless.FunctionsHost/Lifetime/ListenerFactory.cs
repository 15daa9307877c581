using Microsoft.Extensions.Options;
using Serverless.FunctionsHost.Functions;
using Serverless.FunctionsHost.Queues;
using Serverless.FunctionsHost.Settings;
using Serverless.FunctionsHost.Timers;

namespace Serverless.FunctionsHost.Lifetime;

/// <summary>Makes the loop that triggers a function; none for HTTP functions.</summary>
internal sealed class ListenerFactory(
    IServiceProvider services, QueueClients queues, HostSettings settings, IOptions<FunctionsHostOptions> options)
{
    public Func<CancellationToken, Task>? Create(FunctionDefinition function)
    {
        var trigger = function.Trigger
            ?? throw new HostConfigurationException("it has no trigger binding.");
        if (trigger.Is(BindingTypes.Http)) return null;
        if (trigger.Is(BindingTypes.Queue))
        {
            var queue = new QueueTrigger(
                function.Name, trigger, queues.For(trigger), queues.PoisonFor(trigger), settings.HostJson.Queues, options.Value.QueueLease);
            return ActivatorUtilities.CreateInstance<QueueListener>(services, queue).RunAsync;
        }

        return trigger.Is(BindingTypes.Timer)
            ? ActivatorUtilities.CreateInstance<TimerListener>(services, TimerTrigger.From(function, settings.App)).RunAsync
            : throw new HostConfigurationException($"triggers of type {trigger.Type} are not served by this host.");
    }
}
