namespace Serverless.Topology.Platform;

/// <summary>How the worker runs behind the container host: in as many replicas as the scale rules want, none while nothing is asked.</summary>
public sealed record WorkerReplicas
{
    /// <summary>The scale rules; the tree's own <c>infra/scale.json</c> unless set.</summary>
    public string? ScaleFile { get; init; }

    /// <summary>A bound below that of the rules, for what a machine takes; the rules' own unless set.</summary>
    public int? Max { get; init; }

    /// <summary>How much faster than in Azure the rules' clocks run; 1 unless set, 1 to 100.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>As many as this machine has processors for, two at least: more would only take turns.</summary>
    public static WorkerReplicas OfThisMachine { get; } = new() { Max = Math.Max(2, Environment.ProcessorCount) };
}
