namespace Serverless.Scaling;

/// <summary>The intervals by which it is decided. Those that no rule sets are Container Apps' documented defaults.</summary>
/// <param name="Polling">How often KEDA looks whether queues and windows are active.</param>
/// <param name="Cooldown">From the last time anything was active until the last replica goes.</param>
/// <param name="Evaluation">How often the number above zero is decided: 15 s.</param>
/// <param name="HttpWindow">Over which requests are counted: 15 s.</param>
/// <param name="ScaleDownStabilization">The number falls to the highest that was recommended within it: 300 s.</param>
public sealed record ScaleTimes(TimeSpan Polling, TimeSpan Cooldown, TimeSpan Evaluation, TimeSpan HttpWindow, TimeSpan ScaleDownStabilization)
{
    /// <summary>The intervals of real time.</summary>
    public static ScaleTimes Of(WorkerScale rules) => new(
        rules.PollingInterval, rules.Cooldown, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(300));

    /// <summary>The same in less time, for tests and demonstrations: every interval divided by <paramref name="factor"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not above 0.</exception>
    public ScaleTimes Compressed(double factor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        return new(Polling / factor, Cooldown / factor, Evaluation / factor, HttpWindow / factor, ScaleDownStabilization / factor);
    }
}
