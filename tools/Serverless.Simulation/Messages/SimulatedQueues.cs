using Serverless.Scaling;

namespace Serverless.Simulation;

/// <summary>
/// The Service Bus queues of a simulation. Replicas pull: each has so many places for the messages of a queue, and the place that has been free
/// for longest has the next one. A message counts until it is done, for Service Bus counts locked messages as active.
/// </summary>
internal sealed class SimulatedQueues
{
    private readonly Dictionary<string, SimulatedQueue> _queues;
    private readonly Dictionary<string, long> _active;
    private readonly ServiceProfile _profile;
    private readonly VirtualTime _time;
    private readonly EventQueue _events;
    private readonly SimulationResult _result;
    private int _running;

    public SimulatedQueues(WorkerScale rules, ServiceProfile profile, VirtualTime time, EventQueue events, SimulationResult result)
    {
        (_profile, _time, _events, _result) = (profile, time, events, result);
        _queues = rules.Queues.ToDictionary(
            queue => queue.Key, queue => new SimulatedQueue(queue.Value, profile.Queues.GetValueOrDefault(queue.Key) ?? new QueueProfile()));
        _active = rules.Queues.ToDictionary(queue => queue.Key, _ => 0L);
    }

    /// <summary>Active messages by queue.</summary>
    public IReadOnlyDictionary<string, long> Read()
    {
        foreach (var (name, queue) in _queues)
            _active[name] = queue.Active;

        return _active;
    }

    /// <summary>Whether messages are worked on or will be: those that are too few to wake anybody may wait for ever.</summary>
    /// <param name="asked">Replicas that are asked for.</param>
    public bool AreBusy(int asked) => _running > 0 || _queues.Values.Any(queue => queue.Wakes || (queue.Active > 0 && asked > 0));

    /// <exception cref="ArgumentException">The rules know no such queue.</exception>
    public void Take(Arrival arrival)
    {
        if (!_queues.TryGetValue(arrival.Queue!, out var queue))
            throw new ArgumentException($"The queue \"{arrival.Queue}\" is not in the rules, which have {string.Join(", ", _queues.Keys)}.");

        _result.Messages++;
        queue.Active++;
        Deliver(queue, new QueuedMessage(_time.Ticks, _profile.Service.Of(arrival)));
    }

    /// <summary>A replica is ready: its places take what waits.</summary>
    public void Ready(SimulatedReplica replica)
    {
        foreach (var queue in _queues.Values)
        {
            for (var place = 0; place < queue.Profile.Places; place++)
                Pull(queue, replica);
        }
    }

    public void Done(Delivery delivery)
    {
        // What was given back is somebody else's by now.
        if (!Leave(delivery))
            return;

        delivery.Queue.Active--;
        _result.MessagesDone++;
        if (!delivery.Replica.IsEnding)
            Pull(delivery.Queue, delivery.Replica);
    }

    /// <summary>A replica is told to end: it takes no more, and where a queue's messages go on, what is left of them does at once.</summary>
    public void Stop(SimulatedReplica replica)
    {
        foreach (var delivery in replica.Messages.Where(delivery => delivery.Queue.Profile.GoesOn).ToList())
        {
            Leave(delivery);
            var left = delivery.Message.Service - TimeSpan.FromTicks(_time.Ticks - delivery.BeganTicks);
            Deliver(delivery.Queue, delivery.Message with { Service = left, Began = true });
        }
    }

    /// <summary>A replica is gone: what it had begins anew on another.</summary>
    public void GiveBack(SimulatedReplica replica)
    {
        foreach (var delivery in Enumerable.Reverse(replica.Messages).ToList())
        {
            Leave(delivery);
            _result.MessagesRedelivered++;
            delivery.Queue.Return(delivery.Message with { Began = true });
            if (delivery.Queue.TakeFree() is { } other)
                Pull(delivery.Queue, other);
        }
    }

    private void Deliver(SimulatedQueue queue, QueuedMessage message)
    {
        queue.Put(message);
        if (queue.TakeFree() is { } replica)
            Pull(queue, replica);
    }

    private void Pull(SimulatedQueue queue, SimulatedReplica replica)
    {
        if (!queue.TryTake(out var message))
        {
            queue.AddFree(replica);
            return;
        }

        if (!message.Began)
            _result.MessageWaits.Add(TimeSpan.FromTicks(_time.Ticks - message.ArrivedTicks));
        var delivery = new Delivery(queue, message, replica, _time.Ticks);
        replica.Messages.Add(delivery);
        _running++;
        _events.Plan(_time.Ticks + message.Service.Ticks, EventKind.MessageDone, replica, delivery);
    }

    private bool Leave(Delivery delivery)
    {
        if (!delivery.Replica.Messages.Remove(delivery))
            return false;

        _running--;
        return true;
    }
}
