namespace Serverless.Contracts.Queues;

/// <summary>Where requests that are answered later than now are kept track of.</summary>
public static class AsyncOperations
{
    /// <summary>Table. Partition: a tenant. Row: the operation's id, which is the id of its <see cref="InferenceMessage"/> too.</summary>
    public const string Table = "operations";

    /// <summary>What every operation's id begins with.</summary>
    public const string IdPrefix = "op_";

    /// <summary>
    /// Property of a Service Bus message whose caller wants to be told of the answer: the operation's partition. The worker sends it back in a
    /// <see cref="Jobs.BatchEventKind.Answered"/> event.
    /// </summary>
    public const string OwnerProperty = "operation-owner";

    /// <summary>Prefix of claim-checked bodies in the container <see cref="Storage.BlobContainers.Inputs"/>.</summary>
    public const string InputPrefix = "async/";
}
