namespace Serverless.Contracts.Queues;

/// <summary>
/// Service Bus queues: two for each pool of workers, so that single requests do not wait behind shards. The gateway sends, only workers
/// consume; the gateway's maintenance reads the dead letters. Both have duplicate detection.
/// </summary>
public static class ServiceBusQueues
{
    /// <summary>The pool that everything goes to unless said otherwise.</summary>
    public const string DefaultPool = "default";

    /// <summary>Single requests of the default pool.</summary>
    public const string Inference = "inference";

    /// <summary>Shards of batches (<see cref="Jobs.ShardMessage"/>) of the default pool.</summary>
    public const string Shards = "shards";

    /// <summary>The queue for shards of <paramref name="pool"/>.</summary>
    public static string ShardsOf(string pool) => pool == DefaultPool ? Shards : $"{Shards}-{pool}";

    /// <summary>The queue for single requests of <paramref name="pool"/>.</summary>
    public static string InferenceOf(string pool) => pool == DefaultPool ? Inference : $"{Inference}-{pool}";
}
