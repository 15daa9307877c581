using System.Globalization;
using Serverless.ContainerHost.Ingress;

namespace Serverless.ContainerHost.Replicas;

/// <summary>One run of the app. Its process may be gone; what is known of it stays.</summary>
internal sealed class Replica(string name, ReplicaPorts ports, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _unwanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inFlight;
    private volatile Reached _reached = new(ReplicaState.Starting, time.GetUtcNow(), null);

    private sealed record Reached(ReplicaState State, DateTimeOffset Since, string? Remark);

    public string Name { get; } = name;

    /// <summary>Where its requests go.</summary>
    public Uri Address { get; } = UrlOf(ports.Http);

    /// <summary>Where its metrics are, if it serves any.</summary>
    public Uri MetricsAddress { get; } = new(UrlOf(ports.Metrics), "/metrics");

    /// <summary>Connections to this replica only: none of a dead one is ever reused.</summary>
    public HttpMessageInvoker Http { get; } = IngressHttp.CreateInvoker();

    /// <summary>The operating system's id of its process; null before it has one.</summary>
    public int? ProcessId { get; set; }

    /// <summary>When it was started.</summary>
    public DateTimeOffset Started { get; } = time.GetUtcNow();

    /// <summary>When its process had ended; null while it runs.</summary>
    public DateTimeOffset? Ended { get; private set; }

    /// <summary>When it was first ready; null if it never was.</summary>
    public DateTimeOffset? FirstReady { get; private set; }

    public ReplicaState State => _reached.State;

    /// <summary>Since when it is in its state.</summary>
    public DateTimeOffset Since => _reached.Since;

    /// <summary>Why it is in its state, where there is more to say.</summary>
    public string? Remark => _reached.Remark;

    /// <summary>Whether it counts as one of those that are wanted.</summary>
    public bool IsActive => State is ReplicaState.Starting or ReplicaState.Ready or ReplicaState.NotReady;

    /// <summary>Requests that were sent to it and have not ended.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Completes when it is no longer wanted.</summary>
    public Task Unwanted => _unwanted.Task;

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>Its end; nothing follows.</summary>
    public void End(ReplicaState state, string? remark)
    {
        lock (_lock)
        {
            Ended = time.GetUtcNow();
            _reached = new Reached(state, Ended.Value, remark);
        }
    }

    /// <summary>Takes note of its readiness; false when that no longer matters.</summary>
    public bool TryReach(bool ready)
    {
        lock (_lock)
        {
            if (!IsActive)
                return false;
            var now = time.GetUtcNow();
            if (ready)
                FirstReady ??= now;
            _reached = new Reached(ready ? ReplicaState.Ready : ReplicaState.NotReady, now, null);
            return true;
        }
    }

    /// <summary>Asks it to finish what it has and go.</summary>
    public void Drain()
    {
        lock (_lock)
        {
            if (!IsActive)
                return;
            _reached = new Reached(ReplicaState.Draining, time.GetUtcNow(), null);
        }

        _unwanted.TrySetResult();
    }

    public void Dispose() => Http.Dispose();

    private static Uri UrlOf(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
}
