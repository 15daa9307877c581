namespace Serverless.Simulation;

/// <summary>What a simulation came to.</summary>
public sealed class SimulationResult
{
    /// <summary>Requests that came.</summary>
    public long Requests { get; internal set; }

    /// <summary>Requests that were answered.</summary>
    public long Answered { get; internal set; }

    /// <summary>Requests that were held because no replica was ready.</summary>
    public long Held { get; internal set; }

    /// <summary>Requests that were refused because as many as may be were held.</summary>
    public long Refused { get; internal set; }

    /// <summary>Requests whose work had not begun after 240 s: 504 by the ingress.</summary>
    public long TimedOut { get; internal set; }

    /// <summary>Requests that a replica still had when its drain time ended.</summary>
    public long Cut { get; internal set; }

    /// <summary>Messages that came.</summary>
    public long Messages { get; internal set; }

    /// <summary>Messages that were worked off.</summary>
    public long MessagesDone { get; internal set; }

    /// <summary>How often a message was given back when a replica's drain time ended, and began anew.</summary>
    public long MessagesRedelivered { get; internal set; }

    /// <summary>Messages that nobody works on: too few to wake a replica.</summary>
    public long MessagesLeft => Messages - MessagesDone;

    /// <summary>Replicas that were started.</summary>
    public long Starts { get; internal set; }

    /// <summary>The most replicas that were asked for at once.</summary>
    public int PeakReplicas { get; internal set; }

    /// <summary>Seconds of all replicas, from the decision for one until it is gone.</summary>
    public double ReplicaSeconds { get; internal set; }

    /// <summary>From the start until everything was answered and the replicas were back at their least number.</summary>
    public TimeSpan Duration { get; internal set; }

    /// <summary>From the arrival of a request until a replica began to work on it.</summary>
    public DurationHistogram Waits { get; } = new();

    /// <summary>From the arrival of a request until its answer was complete.</summary>
    public DurationHistogram Latencies { get; } = new();

    /// <summary>From the arrival of a message until a replica first began to work on it.</summary>
    public DurationHistogram MessageWaits { get; } = new();

    /// <summary>Arrivals and replicas over time.</summary>
    public Timeline Timeline { get; } = new();

    /// <summary>The share of the requests that waited for a replica to start.</summary>
    public double ColdShare => Requests == 0 ? 0 : (double)Held / Requests;

    /// <summary>Replica-seconds of as many replicas as the peak had, at least one, running all the time.</summary>
    public double AlwaysOnReplicaSeconds => Math.Max(1, PeakReplicas) * Duration.TotalSeconds;
}
