using Azure.Messaging.ServiceBus.Administration;
using Azure.Storage.Queues;
using Serverless.Contracts.Queues;
using Serverless.Topology.Platform;

namespace Serverless.TestKit.Jobs;

/// <summary>The queues that jobs go through.</summary>
public static class JobQueues
{
    /// <summary>
    /// How long after the last kill a message may be there: a worker killed in the last second leaves its message locked for a minute, and
    /// only then does another find that it is done.
    /// </summary>
    public static readonly TimeSpan TwoLocks = TimeSpan.FromMinutes(2);

    /// <summary>Messages in all of them, poison and dead letters included.</summary>
    public static async Task<long> CountAsync(LocalPlatform platform, CancellationToken cancellationToken)
    {
        var admin = new ServiceBusAdministrationClient(platform.Options.Ports.ServiceBus.AdminConnectionString);
        var shards = (await admin.GetQueueRuntimePropertiesAsync(ServiceBusQueues.Shards, cancellationToken)).Value;
        var count = shards.ActiveMessageCount + shards.DeadLetterMessageCount;
        foreach (var name in new[] { QueueNames.BatchEvents, QueueNames.BatchValidations })
        {
            foreach (var queue in new[] { name, name + QueueNames.PoisonSuffix }.Select(each => new QueueClient(platform.StorageConnectionString, each)))
            {
                if (await queue.ExistsAsync(cancellationToken))
                    count += (await queue.GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount;
            }
        }

        return count;
    }
}
