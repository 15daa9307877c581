namespace Serverless.Inference.Execution.Statistics;

/// <summary>How often something happened and how long it took in all.</summary>
/// <param name="Count">How often.</param>
/// <param name="Nanoseconds">How long in all.</param>
public readonly record struct DurationStatistic(long Count, long Nanoseconds)
{
    internal DurationStatistic Add(TimeSpan duration, int count = 1) =>
        new(Count + count, Nanoseconds + (duration.Ticks * TimeSpan.NanosecondsPerTick));
}
