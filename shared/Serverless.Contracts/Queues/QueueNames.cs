namespace Serverless.Contracts.Queues;

/// <summary>Storage queues.</summary>
public static class QueueNames
{
    /// <summary>Single requests put there by users, see <see cref="InferenceMessage"/>.</summary>
    public const string InferenceRequests = "inference-requests";

    /// <summary>The queue of a tenant's own single requests: <see cref="InferenceRequests"/>, a dash and its name.</summary>
    public const string TenantRequestsPrefix = InferenceRequests + "-";

    /// <summary>Batches to validate: the message is the batch's id.</summary>
    public const string BatchValidations = "batch-validations";

    /// <summary>What happened to shards and batches, and that single requests were answered, see <see cref="Jobs.BatchEvent"/>; base64 JSON like every queue here.</summary>
    public const string BatchEvents = "batch-events";

    /// <summary>Webhooks to deliver for batches that ended and operations that were answered.</summary>
    public const string BatchWebhooks = "batch-webhooks";

    /// <summary>What the Functions host appends to the name of a queue to name the queue of its poison messages.</summary>
    public const string PoisonSuffix = "-poison";

    /// <summary>Deliveries after which a message is given up; <c>host.json</c> says the same (<c>maxDequeueCount</c>, checked by a test).</summary>
    public const int MaxDeliveries = 5;
}
