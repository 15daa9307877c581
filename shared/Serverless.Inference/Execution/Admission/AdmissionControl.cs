using Serverless.Contracts.Errors;
using Serverless.Inference.Execution.Batching;

namespace Serverless.Inference.Execution.Admission;

/// <summary>Decides at a request's arrival whether it may wait. What cannot be answered in time is told so at once.</summary>
internal sealed class AdmissionControl(string model, RequestQueue queue, RunTimes times, TimeProvider time)
{
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromSeconds(1);

    /// <summary>Null when <paramref name="terms"/> can be met for a request of <paramref name="shape"/>.</summary>
    /// <param name="terms">On what terms it would wait.</param>
    /// <param name="shape">Its size.</param>
    /// <param name="now">The time.</param>
    /// <param name="capacity">What serves the queue.</param>
    public Refusal? FindRefusal(RunTerms terms, WorkShape shape, long now, ServingCapacity capacity)
    {
        if (terms.Deadline is not { } deadline)
            return null;
        if (deadline <= now)
        {
            return new Refusal(
                "expired", new InferenceError(ErrorKind.DeadlineExceeded, "The deadline had passed when the request arrived."));
        }

        // Nothing is in its way: running it costs nobody anything, and puts right what is expected if that is no longer true.
        if (queue.Count == 0 && capacity.Idle > 0)
            return null;
        var run = times.AtMost(shape.Units);
        var wait = Wait(terms, shape, capacity);
        if (now + wait + run <= deadline)
            return null;
        var late = time.GetElapsedTime(deadline, (long)(now + wait + run));
        return new Refusal("deadline", new InferenceError(
            ErrorKind.Overloaded,
            $"Model {model} is busy: the answer would be ready {late.TotalMilliseconds:0} ms after the deadline. Retry later.",
            RetryAfter: AtLeastShortest(late)));
    }

    /// <summary>Null when there is room for <paramref name="shape"/>.</summary>
    public Refusal? FindFullness(WorkShape shape, ServingSettings settings)
    {
        if (queue.Count == 0)
            return null;
        var full = queue.Rows + shape.Rows > settings.QueueRows ? $"{settings.QueueRows} rows"
            : queue.Bytes + shape.Bytes > settings.QueueBytes ? $"{settings.QueueBytes} bytes"
            : null;
        return full is null ? null : Full(full, settings);
    }

    /// <summary>The refusal of one who had to make room.</summary>
    public Refusal Full(string what, ServingSettings settings) => new("full", new InferenceError(
        ErrorKind.Overloaded,
        $"The queue of model {model} is full ({what}); retry later.",
        RetryAfter: AtLeastShortest(Span(queue.Rows * times.BestPerUnit(settings.MaxBatch) / settings.Instances))));

    /// <summary>
    /// Who makes room for a request of <paramref name="terms"/>: batch work for interactive work, and among equals the newest of the tenant
    /// that has more than its share for one that would have less. Null when nobody does.
    /// </summary>
    public WorkItem? FindVictim(RunTerms terms, WorkShape shape)
    {
        var batch = queue.Of(RunPriority.Batch);
        if (terms.Priority == RunPriority.Interactive && !batch.IsEmpty)
            return Largest(batch)!.Items.Last!.Value;
        var equals = queue.Of(terms.Priority);
        if (equals.IsEmpty)
            return null;
        var largest = Largest(equals)!;
        var own = equals.Find(terms.Tenant);
        var (rows, weight) = ((own?.Rows ?? 0) + shape.Rows, Math.Max(1, terms.Weight));
        return largest != own && (double)largest.Rows / largest.Weight > (double)rows / weight ? largest.Items.Last!.Value : null;
    }

    private static TenantQueue? Largest(FairQueue queue) => queue.Waiting.MaxBy(tenant => (double)tenant.Rows / tenant.Weight);

    // Until a tenant's own work is done, others get as much by their weight at most, and no more than they have waiting.
    private double Wait(RunTerms terms, WorkShape shape, ServingCapacity capacity)
    {
        var equals = queue.Of(terms.Priority);
        var own = (equals.Find(terms.Tenant)?.Units ?? 0) + shape.Units;
        var weight = (double)Math.Max(1, terms.Weight);
        var ahead = (double)own - shape.Units;
        foreach (var tenant in equals.Waiting)
        {
            if (tenant.Name != (terms.Tenant ?? ""))
                ahead += Math.Min(tenant.Units, own * tenant.Weight / weight);
        }

        if (terms.Priority == RunPriority.Batch)
            ahead += queue.Of(RunPriority.Interactive).Waiting.Sum(tenant => tenant.Units);
        return capacity.UntilIdle + (ahead * times.BestPerUnit(capacity.Units) / capacity.Instances);
    }

    private TimeSpan Span(double ticks) => TimeSpan.FromSeconds(ticks / time.TimestampFrequency);

    private static TimeSpan AtLeastShortest(TimeSpan span) => span < ShortestRetry ? ShortestRetry : span;
}
