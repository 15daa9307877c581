using Serverless.ServiceBusEmulator.Entities;

namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>A receiver that asks for a session; it waits until <see cref="DueTicks"/> when it takes any.</summary>
internal sealed class SessionRequest(IConsumer consumer, string? sessionId, long dueTicks)
{
    private readonly TaskCompletionSource<(string SessionId, long LockedUntilTicks)> _completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IConsumer Consumer { get; } = consumer;

    public string? SessionId { get; } = sessionId;

    public long DueTicks { get; } = dueTicks;

    public bool IsDone => _completion.Task.IsCompleted;

    /// <summary>The session it got, or null.</summary>
    public string? Granted => _completion.Task.IsCompletedSuccessfully ? _completion.Task.Result.SessionId : null;

    public Task<(string SessionId, long LockedUntilTicks)> Completion => _completion.Task;

    /// <summary>False when the client has left.</summary>
    public bool TryGrant(string sessionId, long lockedUntilTicks) => _completion.TrySetResult((sessionId, lockedUntilTicks));

    public void Refuse(BrokerException exception) => _completion.TrySetException(exception);

    /// <summary>The client left while it waited.</summary>
    public void Cancel() => _completion.TrySetCanceled();
}
