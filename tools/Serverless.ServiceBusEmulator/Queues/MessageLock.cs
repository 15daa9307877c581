namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>A receiver's hold on a message. It lives in memory: after a crash messages return at once.</summary>
internal sealed class MessageLock(Guid token, QueuedMessage message, long untilTicks)
{
    public Guid Token { get; } = token;

    public QueuedMessage Message { get; } = message;

    /// <summary>In a session the session's lock counts instead.</summary>
    public long UntilTicks { get; set; } = untilTicks;

    /// <summary>The status to return to when the lock ends without an outcome: active or deferred.</summary>
    public bool WasDeferred { get; init; }
}
