namespace Serverless.Simulation;

/// <summary>A message that a replica works on: one of several turns of it where it is given back or goes on.</summary>
internal sealed class Delivery(SimulatedQueue queue, QueuedMessage message, SimulatedReplica replica, long beganTicks)
{
    public SimulatedQueue Queue => queue;

    public QueuedMessage Message => message;

    public SimulatedReplica Replica => replica;

    public long BeganTicks => beganTicks;
}
