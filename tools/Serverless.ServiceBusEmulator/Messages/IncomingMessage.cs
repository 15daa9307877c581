namespace Serverless.ServiceBusEmulator.Messages;

/// <summary>A message as it arrives: the content to keep and the few fields that decide where it goes.</summary>
internal sealed record IncomingMessage
{
    public required byte[] Content { get; init; }

    public string? MessageId { get; init; }

    public string? SessionId { get; init; }

    public TimeSpan? TimeToLive { get; init; }

    /// <summary>When it becomes visible; null for at once.</summary>
    public DateTimeOffset? ScheduledFor { get; init; }

    /// <summary>The number it had where it was first accepted, for forwarded messages and copies of a topic's; else 0.</summary>
    public long EnqueuedSequenceNumber { get; init; }

    /// <summary>How many automatic forwards lie behind it: a cycle must end.</summary>
    public int Hops { get; init; }
}
