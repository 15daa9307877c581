using Serverless.Scaling;

namespace Serverless.ContainerHost.Scaling;

/// <summary>By what the loop decides.</summary>
internal sealed class ScaleRule(WorkerScale rules, ScaleTimes times, TimeProvider time)
{
    public WorkerScale Rules { get; } = rules;

    public TimeProvider Time { get; } = time;

    public ReplicaScaler Scaler { get; } = new(rules, times, time);
}
