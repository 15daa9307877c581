using System.Collections.Concurrent;
using Azure.Storage.Queues;
using Serverless.FunctionsHost.Functions;
using Serverless.FunctionsHost.Settings;

namespace Serverless.FunctionsHost.Queues;

/// <summary>One client per queue that some binding names.</summary>
internal sealed class QueueClients(HostSettings settings)
{
    private readonly ConcurrentDictionary<(string? Connection, string Queue), AppQueue> _queues = new();
    private readonly ConcurrentDictionary<string, QueueServiceClient> _services = new();

    public AppQueue For(FunctionBinding binding)
    {
        var name = binding.Text("queueName")
            ?? throw new HostConfigurationException($"The {binding.Type} binding {binding.Name} has no queueName.");
        return Get(binding.Text("connection"), settings.App.Substitute(name));
    }

    /// <summary>Where a queue's messages go that cannot be handled.</summary>
    public AppQueue PoisonFor(FunctionBinding binding) => Get(binding.Text("connection"), For(binding).Name + "-poison");

    private AppQueue Get(string? connection, string name) =>
        _queues.GetOrAdd((connection, name), key => new AppQueue(
            _services.GetOrAdd(key.Connection ?? "", _ => StorageConnection.Open(settings.App, key.Connection)).GetQueueClient(key.Queue),
            settings.HostJson.Queues.Encoding));
}
