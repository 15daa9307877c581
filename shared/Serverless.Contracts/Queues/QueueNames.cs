namespace Serverless.Contracts.Queues;

/// <summary>Storage queues.</summary>
public static class QueueNames
{
    /// <summary>Single requests put there by users, see <see cref="InferenceMessage"/>.</summary>
    public const string InferenceRequests = "inference-requests";

    /// <summary>What the Functions host appends to the name of a queue to name the queue of its poison messages.</summary>
    public const string PoisonSuffix = "-poison";

    /// <summary>Deliveries after which a message is given up; <c>host.json</c> says the same (<c>maxDequeueCount</c>, checked by a test).</summary>
    public const int MaxDeliveries = 5;
}
