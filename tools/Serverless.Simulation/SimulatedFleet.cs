using Serverless.Scaling;

namespace Serverless.Simulation;

/// <summary>The replicas of a simulation.</summary>
internal sealed class SimulatedFleet(
    ServiceProfile profile,
    TimeSpan drain,
    SimulatedQueues queues,
    VirtualTime time,
    SeededRandom random,
    EventQueue events,
    HttpConcurrencyMeter meter,
    SimulationResult result)
{
    // The ingress of Container Apps answers 504 when there is no byte of an answer by then.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(240);

    private readonly List<SimulatedReplica> _starting = [];
    private readonly List<SimulatedReplica> _ready = [];
    private readonly List<SimulatedReplica> _ending = [];
    private int _turn;

    public int ReadyCount => _ready.Count;

    public bool IsEnding => _ending.Count > 0;

    /// <summary>Starts replicas, or ends them: those that are not ready first, then the youngest.</summary>
    public void Resize(int wanted)
    {
        while (_starting.Count + _ready.Count < wanted)
            Start();

        while (_starting.Count + _ready.Count > wanted)
            End(_starting.Count > 0 ? _starting : _ready);
    }

    public void Ready(SimulatedReplica replica)
    {
        if (replica.IsGone || !_starting.Remove(replica))
            return;

        replica.IsReady = true;
        _ready.Add(replica);
        queues.Ready(replica);
    }

    /// <summary>Gives a request to the next ready replica; false when there is none.</summary>
    public bool Give(Pending request)
    {
        if (_ready.Count == 0)
            return false;

        _turn = (_turn + 1) % _ready.Count;
        var replica = _ready[_turn];
        if (replica.Busy < profile.Concurrency)
            Begin(replica, request);
        else
            replica.Waiting.Enqueue(request);

        return true;
    }

    public void Answered(SimulatedReplica replica)
    {
        if (replica.IsGone)
            return;

        replica.Busy--;
        result.Answered++;
        meter.Left();
        GiveUp(replica.Waiting);
        if (replica.Waiting.TryDequeue(out var next))
            Begin(replica, next);
        else
            RemoveIfDone(replica);
    }

    public void Done(Delivery delivery)
    {
        queues.Done(delivery);
        RemoveIfDone(delivery.Replica);
    }

    public void Kill(SimulatedReplica replica)
    {
        if (replica.IsGone)
            return;

        for (var i = replica.Busy + replica.Waiting.Count; i > 0; i--)
        {
            result.Cut++;
            meter.Left();
        }

        queues.GiveBack(replica);
        Remove(replica);
    }

    public void GiveUp(Queue<Pending> queue)
    {
        while (queue.TryPeek(out var oldest) && time.Ticks - oldest.ArrivedTicks > Patience.Ticks)
        {
            queue.Dequeue();
            result.TimedOut++;
            meter.Left();
        }
    }

    public void GiveUpInReplicas()
    {
        foreach (var replica in _ready)
            GiveUp(replica.Waiting);
        foreach (var replica in _ending)
            GiveUp(replica.Waiting);
    }

    public void StopAll()
    {
        foreach (var replica in (SimulatedReplica[])[.. _starting, .. _ready, .. _ending])
            Remove(replica);
    }

    private void Start()
    {
        var replica = new SimulatedReplica(time.Ticks);
        _starting.Add(replica);
        result.Starts++;
        events.Plan(time.Ticks + profile.ColdStart.Draw(random).Ticks, EventKind.Ready, replica);
    }

    private void End(List<SimulatedReplica> replicas)
    {
        var replica = replicas[^1];
        replicas.RemoveAt(replicas.Count - 1);
        replica.IsEnding = true;
        queues.Stop(replica);
        if (replica.IsIdle)
        {
            Remove(replica);
            return;
        }

        _ending.Add(replica);
        events.Plan(time.Ticks + drain.Ticks, EventKind.DrainOver, replica);
    }

    private void Begin(SimulatedReplica replica, Pending request)
    {
        replica.Busy++;
        var wait = TimeSpan.FromTicks(time.Ticks - request.ArrivedTicks);
        result.Waits.Add(wait);
        result.Latencies.Add(wait + request.Service);
        events.Plan(time.Ticks + request.Service.Ticks, EventKind.Answered, replica);
    }

    private void RemoveIfDone(SimulatedReplica replica)
    {
        if (replica is { IsEnding: true, IsGone: false, IsIdle: true })
            Remove(replica);
    }

    private void Remove(SimulatedReplica replica)
    {
        replica.IsGone = true;
        _ending.Remove(replica);
        result.ReplicaSeconds += TimeSpan.FromTicks(time.Ticks - replica.StartedTicks).TotalSeconds;
    }
}
