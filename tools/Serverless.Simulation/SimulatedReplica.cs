namespace Serverless.Simulation;

/// <summary>A replica of a simulation.</summary>
internal sealed class SimulatedReplica(long startedTicks)
{
    public long StartedTicks => startedTicks;

    public bool IsReady { get; set; }

    /// <summary>Told to end: it answers what it has and takes nothing new.</summary>
    public bool IsEnding { get; set; }

    public bool IsGone { get; set; }

    /// <summary>Requests it works on.</summary>
    public int Busy { get; set; }

    /// <summary>Requests it will work on.</summary>
    public Queue<Pending> Waiting { get; } = new();

    /// <summary>Messages it works on.</summary>
    public List<Delivery> Messages { get; } = [];

    public bool IsIdle => Busy == 0 && Waiting.Count == 0 && Messages.Count == 0;
}
