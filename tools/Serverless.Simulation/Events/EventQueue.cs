namespace Serverless.Simulation;

/// <summary>What is to come, the earliest first; of one moment, what was planned first.</summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<(EventKind Kind, SimulatedReplica? Replica, Delivery? Delivery), Moment> _events = new();
    private long _planned;

    public long NextTicks => _events.TryPeek(out _, out var moment) ? moment.Ticks : long.MaxValue;

    public void Plan(long ticks, EventKind kind, SimulatedReplica? replica = null, Delivery? delivery = null) =>
        _events.Enqueue((kind, replica, delivery), new Moment(ticks, _planned++));

    public (EventKind Kind, SimulatedReplica? Replica, Delivery? Delivery) Take() => _events.Dequeue();

    private readonly record struct Moment(long Ticks, long Order) : IComparable<Moment>
    {
        public int CompareTo(Moment other) => Ticks != other.Ticks ? Ticks.CompareTo(other.Ticks) : Order.CompareTo(other.Order);
    }
}
