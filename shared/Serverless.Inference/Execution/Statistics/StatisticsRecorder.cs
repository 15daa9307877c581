namespace Serverless.Inference.Execution.Statistics;

/// <summary>Counts what a model does. Additions only, so one short lock costs less than a dozen interlocked ones.</summary>
internal sealed class StatisticsRecorder(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, SizeTotals> _batches = [];
    private ModelTotals _totals;

    public void Ran(int requests, int rows, RunDurations durations)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_gate)
        {
            _totals.LastInference = now;
            _totals.Executions++;
            _totals.Rows += rows;
            // The protocol counts these once for each request that took part.
            _totals.Input = _totals.Input.Add(durations.Input * requests, requests);
            _totals.Infer = _totals.Infer.Add(durations.Infer * requests, requests);
            _totals.Output = _totals.Output.Add(durations.Output * requests, requests);
            if (!_batches.TryGetValue(rows, out var batch))
                _batches[rows] = batch = new SizeTotals();
            batch.Input = batch.Input.Add(durations.Input);
            batch.Infer = batch.Infer.Add(durations.Infer);
            batch.Output = batch.Output.Add(durations.Output);
        }
    }

    public void Succeeded(TimeSpan queue, TimeSpan duration)
    {
        lock (_gate)
        {
            _totals.Queue = _totals.Queue.Add(queue);
            _totals.Success = _totals.Success.Add(duration);
        }
    }

    public void Failed(TimeSpan duration)
    {
        lock (_gate)
            _totals.Fail = _totals.Fail.Add(duration);
    }

    public void CacheHit(TimeSpan duration)
    {
        lock (_gate)
        {
            _totals.Hit = _totals.Hit.Add(duration);
            _totals.Success = _totals.Success.Add(duration);
        }
    }

    public void CacheMiss(TimeSpan duration)
    {
        lock (_gate)
            _totals.Miss = _totals.Miss.Add(duration);
    }

    public ModelStatistics Snapshot()
    {
        lock (_gate)
        {
            return new ModelStatistics(
                _totals.LastInference, _totals.Rows, _totals.Executions, _totals.Success, _totals.Fail, _totals.Queue,
                _totals.Input, _totals.Infer, _totals.Output, _totals.Hit, _totals.Miss,
                [.. _batches.Select(batch => new BatchStatistic(batch.Key, batch.Value.Input, batch.Value.Infer, batch.Value.Output))]);
        }
    }

    private sealed class SizeTotals
    {
        public DurationStatistic Input { get; set; }

        public DurationStatistic Infer { get; set; }

        public DurationStatistic Output { get; set; }
    }

    private struct ModelTotals
    {
        public long LastInference;
        public long Rows;
        public long Executions;
        public DurationStatistic Success;
        public DurationStatistic Fail;
        public DurationStatistic Queue;
        public DurationStatistic Input;
        public DurationStatistic Infer;
        public DurationStatistic Output;
        public DurationStatistic Hit;
        public DurationStatistic Miss;
    }
}
