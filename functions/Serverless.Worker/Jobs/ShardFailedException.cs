using Serverless.Contracts.Errors;

namespace Serverless.Worker.Jobs;

/// <summary>A shard that no delivery can answer; its message is dead-lettered.</summary>
internal sealed class ShardFailedException(string reason, string message) : Exception(message)
{
    /// <summary>The dead-letter reason.</summary>
    public string Reason { get; } = reason;

    public static ShardFailedException InputChanged(string message) => new("InputChanged", message);

    public static ShardFailedException Invalid(string message) =>
        new(ErrorTable.Of(ErrorKind.InvalidRequest).DeadLetterReason, message);
}
