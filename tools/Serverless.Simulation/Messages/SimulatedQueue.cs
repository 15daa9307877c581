using Serverless.Scaling;

namespace Serverless.Simulation;

/// <summary>One queue of a simulation: what waits in it, and the places of replicas that wait for it.</summary>
internal sealed class SimulatedQueue(QueueScale rule, QueueProfile profile)
{
    private readonly Queue<QueuedMessage> _waiting = new();
    private readonly Stack<QueuedMessage> _returned = new();
    private readonly Queue<SimulatedReplica> _free = new();

    public QueueProfile Profile => profile;

    /// <summary>Messages that are not done, those that are worked on included.</summary>
    public long Active { get; set; }

    /// <summary>Whether there are so many that a first replica is started for them.</summary>
    public bool Wakes => Active > rule.Activation;

    public void Put(QueuedMessage message) => _waiting.Enqueue(message);

    /// <summary>It keeps its number in the queue, so it is the next one.</summary>
    public void Return(QueuedMessage message) => _returned.Push(message);

    public bool TryTake(out QueuedMessage message) => _returned.TryPop(out message) || _waiting.TryDequeue(out message);

    /// <summary>A place of a replica has nothing to do.</summary>
    public void AddFree(SimulatedReplica replica) => _free.Enqueue(replica);

    /// <summary>The place that has had nothing to do for longest; null when there is none.</summary>
    public SimulatedReplica? TakeFree()
    {
        while (_free.TryDequeue(out var replica))
        {
            if (!replica.IsEnding)
                return replica;
        }

        return null;
    }
}
