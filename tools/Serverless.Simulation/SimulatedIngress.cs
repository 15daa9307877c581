using Serverless.Scaling;

namespace Serverless.Simulation;

/// <summary>Holds requests while no replica is ready and gives them to the ready ones by turns.</summary>
internal sealed class SimulatedIngress(
    int maxHeld, ServiceProfile profile, SimulatedFleet fleet, VirtualTime time, HttpConcurrencyMeter meter, SimulationResult result)
{
    private readonly Queue<Pending> _held = new();

    public void Take(Arrival arrival)
    {
        meter.Arrived();
        var request = new Pending(time.Ticks, profile.Service.Of(arrival));
        if (fleet.Give(request))
            return;

        if (_held.Count < maxHeld)
        {
            result.Held++;
            _held.Enqueue(request);
            return;
        }

        result.Refused++;
        meter.Left();
    }

    /// <summary>A replica is ready: what is held goes to it and to others that are.</summary>
    public void Release()
    {
        fleet.GiveUp(_held);
        while (_held.TryPeek(out var request) && fleet.Give(request))
            _held.Dequeue();
    }

    public void GiveUpOnTheOldest()
    {
        fleet.GiveUp(_held);
        fleet.GiveUpInReplicas();
    }
}
