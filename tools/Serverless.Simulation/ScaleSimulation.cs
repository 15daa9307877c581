using Serverless.Scaling;

namespace Serverless.Simulation;

/// <summary>
/// Plays arrivals against scale rules in virtual time: the same <see cref="ReplicaScaler"/> that starts real processes decides,
/// the ingress holds, round-robins and gives up as Container Apps documents it, and replicas pull messages as from Service Bus. The same
/// arrivals and seed give the same result.
/// </summary>
public sealed class ScaleSimulation(WorkerScale rules, ScaleTimes times, ServiceProfile profile)
{
    /// <summary>Plays arrivals until all that anybody works on is done and the replicas are back at their least number.</summary>
    /// <param name="arrivals">In the order of time; read one by one, never kept.</param>
    /// <param name="seed">Of the cold starts' draws.</param>
    /// <param name="start">When the scaler starts, on the arrivals' clock: its intervals count from here. Default: at the first arrival.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="ArgumentException">An arrival is before the start or before the one ahead of it, or names a queue that the rules do not.</exception>
    public SimulationResult Run(
        IEnumerable<Arrival> arrivals, int seed = 1, DateTimeOffset? start = null, CancellationToken cancellation = default)
    {
        using var stream = arrivals.GetEnumerator();
        if (!stream.MoveNext())
            return new SimulationResult();

        var origin = start ?? stream.Current.At;
        var time = new VirtualTime(origin);
        var run = new SimulationRun(rules, times, profile, time, new SeededRandom(seed));
        var more = true;
        for (var steps = 0L; more || !run.IsOver; steps++)
        {
            if ((steps & 0xFFFF) == 0)
                cancellation.ThrowIfCancellationRequested();

            var next = more ? (stream.Current.At - origin).Ticks : long.MaxValue;
            if (next < time.Ticks)
                throw new ArgumentException($"The arrival at {stream.Current.At:O} is before what came ahead of it; times may only grow.");

            if (next < run.NextTicks)
            {
                run.Arrive(stream.Current, next);
                more = stream.MoveNext();
            }
            else
            {
                run.Step(more);
            }
        }

        return run.Finish();
    }
}
