using Serverless.ContainerHost.Replicas;
using Serverless.Scaling;

namespace Serverless.ContainerHost.Ingress;

/// <summary>Gives requests to ready replicas in turn, and holds a bounded number of them while there is none.</summary>
internal sealed class Rotation(WorkerScale rules)
{
    private readonly Lock _lock = new();
    private Replica[] _ready = [];
    private TaskCompletionSource _opened = NewGate();
    private uint _next;
    private int _held;

    /// <summary>Requests that wait for a replica.</summary>
    public int Held => Volatile.Read(ref _held);

    public void Add(Replica replica)
    {
        lock (_lock)
        {
            // It may have been drained since it was found ready.
            if (replica.State != ReplicaState.Ready || _ready.Contains(replica))
                return;
            _ready = [.. _ready, replica];
            _opened.TrySetResult();
        }
    }

    /// <summary>From here on it gets nothing more: what was taken before is counted in its <see cref="Replica.InFlight"/> already.</summary>
    public void Remove(Replica replica)
    {
        lock (_lock)
        {
            _ready = [.. _ready.Where(other => other != replica)];
            if (_ready.Length == 0 && _opened.Task.IsCompleted)
                _opened = NewGate();
        }
    }

    /// <summary>The next replica, entered; null when none is ready.</summary>
    public Replica? TryTake()
    {
        lock (_lock)
        {
            if (_ready.Length == 0)
                return null;
            var replica = _ready[_next++ % (uint)_ready.Length];
            replica.Enter();
            return replica;
        }
    }

    /// <summary>Waits for a replica; null at once when as many as may be held wait already.</summary>
    public async Task<Replica?> HoldAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _held) > rules.MaxHeldRequests)
                return null;
            while (true)
            {
                if (TryTake() is { } replica)
                    return replica;
                await Gate().WaitAsync(cancellationToken);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _held);
        }
    }

    private Task Gate()
    {
        lock (_lock)
            return _opened.Task;
    }

    private static TaskCompletionSource NewGate() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
