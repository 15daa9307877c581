using Serverless.Contracts.Errors;
using Serverless.Inference.Execution.Admission;
using Serverless.Inference.Execution.Batching;

namespace Serverless.Inference.Execution;

/// <summary>
/// The queue of a model and the threads that empty it: one loop for each instance, all over one session. The lock is held for handing
/// requests over and never while a model runs.
/// </summary>
internal sealed class Scheduler : IDisposable
{
    private readonly object _gate = new();
    private readonly string _model;
    private readonly BatchPlan _plan;
    private readonly BatchRunner _runner;
    private readonly RunTimes _times;
    private readonly ServingMeter _meter;
    private readonly TimeProvider _time;
    private readonly RequestQueue _queue;
    private readonly AdmissionControl _admission;
    private readonly List<long> _finishing = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ServingSettings _settings;
    private int _threads;
    private int _sleeping;
    private int _running;
    private bool _closing;

    public Scheduler(string model, BatchPlan plan, BatchRunner runner, RunTimes times, ServingContext context)
    {
        (_model, _plan, _runner, _times) = (model, plan, runner, times);
        (_meter, _time, _settings) = (context.Meter, context.Time, context.Settings);
        _queue = new RequestQueue(plan, times, _time);
        _admission = new AdmissionControl(model, _queue, times, _time);
    }

    /// <summary>Completes when the last loop has ended.</summary>
    public Task Ended => _ended.Task;

    public ServingSettings Settings
    {
        get => Volatile.Read(ref _settings);
        set
        {
            lock (_gate)
            {
                _settings = value;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Takes an idle instance for a run on the caller's thread.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_queue.Count > 0 || _running >= _settings.Instances)
                return false;
            _running++;
            return true;
        }
    }

    /// <summary>Gives the instance back.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _running--;
            if (_queue.Count > 0)
                Wake();
        }
    }

    /// <summary>Why a request on <paramref name="terms"/> would be refused now; null when it would not.</summary>
    public Refusal? FindRefusal(RunTerms terms, WorkShape shape)
    {
        // Nobody waits and nothing has to be ready in time: nothing can be wrong, and the lock is left to those who have to wait.
        if (terms.Deadline is null && _queue.Count == 0)
            return null;
        lock (_gate)
        {
            var refusal = _admission.FindRefusal(terms, shape, _time.GetTimestamp(), Capacity());
            if (refusal is not null || _admission.FindFullness(shape, _settings) is not { } full)
                return refusal;
            return _admission.FindVictim(terms, shape) is null ? full : null;
        }
    }

    /// <summary>Queues <paramref name="item"/>.</summary>
    /// <returns>Why it may not wait, or null.</returns>
    public Refusal? Enqueue(WorkItem item)
    {
        WorkItem? victim = null;
        Refusal? full;
        lock (_gate)
        {
            if (item.IsCompleted)
            {
                // Its caller left while it was on its way here.
                item.ReleaseInputs();
                return null;
            }

            if (_admission.FindRefusal(item.Terms, item.Shape, item.ArrivedAt, Capacity()) is { } refusal)
                return refusal;
            full = _admission.FindFullness(item.Shape, _settings);
            if (full is not null)
            {
                victim = _admission.FindVictim(item.Terms, item.Shape);
                if (victim is null)
                    return full;
                _queue.Remove(victim);
            }

            _queue.Note(item, item.ArrivedAt);
            _queue.Add(item);
            Wake();
        }

        if (victim is not null)
            Drop(victim, full!);
        return null;
    }

    /// <summary>
    /// The caller of <paramref name="item"/> has left: what waits goes at once, what runs ends if nobody else waits for it.
    /// </summary>
    public void Cancel(WorkItem item)
    {
        bool waited;
        lock (_gate)
            waited = _queue.Remove(item);
        if (!item.TryCancel())
            return;
        _meter.Cancelled();
        if (waited)
            item.ReleaseInputs();
        else
            item.Batch?.Leave();
    }

    /// <summary>Ends the loops once the queue is empty. Nothing may be queued any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closing = true;
            Monitor.PulseAll(_gate);
            if (_threads == 0)
                _ended.TrySetResult();
        }
    }

    private ServingCapacity Capacity()
    {
        var idle = _settings.Instances - _running;
        var until = idle > 0 || _finishing.Count == 0 ? 0 : Math.Max(0, _finishing.Min() - _time.GetTimestamp());
        return new ServingCapacity(_settings.Instances, idle, until, _plan.IsSequence ? MaxElements : MaxRows);
    }

    private int MaxElements => _settings.MaxElements ?? MachineDefaults.Elements;

    private int MaxRows => Math.Min(_settings.MaxBatch, _plan.MaxRows);

    private void Wake()
    {
        if (_sleeping > 0)
            Monitor.Pulse(_gate);
        else if (_threads < _settings.Instances)
        {
            _threads++;
            new Thread(Loop) { IsBackground = true, Name = $"model {_model}" }.Start();
        }
    }

    private void Loop()
    {
        var late = new List<WorkItem>();
        while (TryTake(late, out var batch))
        {
            foreach (var item in late)
                Expire(item);
            late.Clear();
            if (batch is not null)
                Run(batch);
        }
    }

    private void Run(Batch batch)
    {
        var finish = batch.FinishAt;
        try
        {
            foreach (var item in batch.Items)
                _meter.Queued(_time.GetElapsedTime(item.ArrivedAt));
            _runner.Run(batch);
        }
        finally
        {
            lock (_gate)
            {
                _running--;
                _finishing.Remove(finish);
            }
        }
    }

    // False ends the loop. No batch: there is only late work to tell callers about.
    private bool TryTake(List<WorkItem> late, out Batch? batch)
    {
        batch = null;
        lock (_gate)
        {
            while (true)
            {
                if (_threads > _settings.Instances || (_closing && _queue.Count == 0))
                {
                    End();
                    return false;
                }

                if (_queue.Count == 0 || _running >= _settings.Instances)
                {
                    Sleep(Timeout.InfiniteTimeSpan);
                    continue;
                }

                var now = _time.GetTimestamp();
                _queue.RemoveLate(now, late);
                if (late.Count > 0)
                    return true;
                var delay = DelayLeft(now);
                if (delay > TimeSpan.Zero)
                {
                    Sleep(delay);
                    continue;
                }

                batch = Take(now);
                return true;
            }
        }
    }

    private Batch Take(long now)
    {
        // Instances that are idle as well get their part.
        var idle = Math.Max(1, _settings.Instances - _running);
        var share = (_queue.Rows + idle - 1) / idle;
        var batch = _queue.Take(
            now, new TakeLimits(Math.Min(MaxRows, share), MaxElements, _settings.MaxWaste, _settings.PreferredBatches));
        batch.FinishAt = now + (long)_times.Estimate(batch.Units);
        _finishing.Add(batch.FinishAt);
        _running++;
        if (_queue.Count > 0 && _running < _settings.Instances)
            Wake();
        return batch;
    }

    private TimeSpan DelayLeft(long now) => _settings.MaxDelay == TimeSpan.Zero || _queue.Rows >= MaxRows || _closing
        ? TimeSpan.Zero
        : _settings.MaxDelay - _time.GetElapsedTime(_queue.NextArrivedAt(now), now);

    private void Sleep(TimeSpan time)
    {
        _sleeping++;
        Monitor.Wait(_gate, time);
        _sleeping--;
    }

    private void End()
    {
        if (--_threads == 0 && _closing)
            _ended.TrySetResult();
        else if (_queue.Count > 0)
            Wake();
    }

    private void Expire(WorkItem item)
    {
        _meter.Expired();
        Drop(item, new Refusal("expired", new InferenceError(
            ErrorKind.DeadlineExceeded, $"The deadline passed before model {_model} had its turn for the request.")));
    }

    private static void Drop(WorkItem item, Refusal refusal)
    {
        item.TryFail(refusal.Error);
        item.ReleaseInputs();
    }
}
