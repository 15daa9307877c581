using System.Runtime.CompilerServices;
using Serverless.Inference.Accounting;
using Serverless.Inference.Diagnostics;
using Serverless.Inference.Execution.Statistics;

namespace Serverless.Inference.Execution;

/// <summary>Counts what one model does, for metrics and for its statistics.</summary>
internal sealed class ServingMeter(string model, InferenceMetrics metrics, TimeProvider time)
{
    private readonly StrongBox<long> _inline = metrics.InlineOf(model);

    public StatisticsRecorder Statistics { get; } = new(time);

    public void Ran(int requests, int rows, double waste, RunDurations durations)
    {
        Statistics.Ran(requests, rows, durations);
        metrics.Ran(model, rows, waste);
    }

    /// <summary>The account that time for <paramref name="tenant"/> goes on.</summary>
    public DeviceAccount AccountOf(string? tenant) => metrics.DeviceTimes.Of(model, tenant);

    /// <summary>
    /// Counts a run on the thread of its request. No listener is told its rows or that it did not wait: two histograms for two listeners are
    /// 2 % of a small model's request.
    /// </summary>
    public void RanInline(int rows, TimeSpan run)
    {
        Interlocked.Increment(ref _inline.Value);
        Statistics.Ran(requests: 1, rows, new RunDurations(TimeSpan.Zero, run, TimeSpan.Zero));
    }

    public void Queued(TimeSpan queue) => metrics.Queued(model, queue);

    public void Succeeded(TimeSpan queue, TimeSpan duration) => Statistics.Succeeded(queue, duration);

    public void Failed(TimeSpan duration) => Statistics.Failed(duration);

    public void Refused(string reason) => metrics.Refused(model, reason);

    public void Expired() => metrics.Expired(model);

    public void Cancelled() => metrics.Cancelled(model);

    public void CacheHit(TimeSpan duration)
    {
        Statistics.CacheHit(duration);
        metrics.Cache(model, "hit");
    }

    public void CacheMiss(TimeSpan duration)
    {
        Statistics.CacheMiss(duration);
        metrics.Cache(model, "miss");
    }
}
