using Microsoft.Extensions.Options;
using Serverless.ContainerHost.Settings;
using Serverless.Topology.Processes;

namespace Serverless.ContainerHost.Replicas;

/// <summary>Keeps as many replicas as are wanted.</summary>
internal sealed class ReplicaPool(ReplicaRun run, IOptions<ContainerHostOptions> options, TimeProvider time) : IHostedService
{
    // Ended ones that are still shown.
    private const int Remembered = 50;

    private readonly Lock _lock = new();
    private readonly CrashBackoff _backoff = new(options.Value.Speed, time);
    private readonly List<Replica> _replicas = [];
    private readonly HashSet<Task> _runs = [];
    private int _desired;
    private int _started;
    private int _crashes;
    private TimeSpan _forgottenTime;
    private bool _isStopping;

    /// <summary>How many are wanted.</summary>
    public int Desired => Volatile.Read(ref _desired);

    /// <summary>How many have crashed since the host's start.</summary>
    public int Crashes => Volatile.Read(ref _crashes);

    /// <summary>Those that run, and the last ones that did, the oldest first.</summary>
    public IReadOnlyList<Replica> Replicas
    {
        get
        {
            lock (_lock)
                return [.. _replicas];
        }
    }

    /// <summary>How long replicas have run, all together: what would be paid for.</summary>
    public TimeSpan Time
    {
        get
        {
            lock (_lock)
                return _replicas.Aggregate(_forgottenTime, (sum, replica) => sum + TimeOf(replica));
        }
    }

    /// <summary>Sets how many are wanted.</summary>
    public void Scale(int desired)
    {
        lock (_lock)
        {
            _desired = desired;
            Reconcile();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends every replica as scale-in does.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _isStopping = true;
            _desired = 0;
            Reconcile();
            return Task.WhenAll(_runs).WaitAsync(cancellationToken);
        }
    }

    private void Reconcile()
    {
        var active = _replicas.Where(replica => replica.IsActive).ToList();
        if (active.Count < _desired && _backoff.Remaining is { Ticks: > 0 } pause)
            _ = ReconcileLaterAsync(pause);
        else
        {
            for (var missing = _desired - active.Count; missing > 0; missing--)
                Start();
        }

        // As Kubernetes chooses: first those that serve nobody yet, then the youngest.
        foreach (var replica in active.OrderBy(replica => replica.State == ReplicaState.Ready).ThenByDescending(replica => replica.Started)
            .Take(active.Count - _desired))
        {
            replica.Drain();
        }
    }

    private async Task ReconcileLaterAsync(TimeSpan pause)
    {
        await Task.Delay(pause, time);
        lock (_lock)
        {
            if (!_isStopping)
                Reconcile();
        }
    }

    private void Start()
    {
        var template = options.Value.Replica;
        var ports = FreePorts.Pick(3);
        var replica = new Replica($"{template.Name}-{++_started}", new ReplicaPorts(ports[0], ports[1], ports[2]), time);
        _replicas.Add(replica);
        var running = Task.Run(() => run.RunAsync(replica, ReplicaCommand.Of(template, replica.Name, new(ports[0], ports[1], ports[2]))));
        _runs.Add(running);
        running.ContinueWith(_ => OnEnded(replica, running), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void OnEnded(Replica replica, Task running)
    {
        lock (_lock)
        {
            _runs.Remove(running);
            replica.Dispose();
            if (replica.State == ReplicaState.Crashed)
            {
                _crashes++;
                _backoff.Crashed();
            }

            while (_replicas.Count > Remembered && _replicas.Find(other => other.Ended is not null) is { } oldest)
            {
                _forgottenTime += TimeOf(oldest);
                _replicas.Remove(oldest);
            }

            Reconcile();
        }
    }

    private TimeSpan TimeOf(Replica replica) => (replica.Ended ?? time.GetUtcNow()) - replica.Started;
}
