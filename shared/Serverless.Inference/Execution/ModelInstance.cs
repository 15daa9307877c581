using System.Diagnostics;
using Serverless.Contracts.Errors;
using Serverless.Inference.Diagnostics;
using Serverless.Inference.Execution.Admission;
using Serverless.Inference.Execution.Batching;
using Serverless.Inference.Execution.Caching;
using Serverless.Inference.Execution.Statistics;
using Serverless.Inference.Onnx;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Execution;

/// <summary>
/// Serves one session: answers from the response cache, runs short calls where they are and hands the others to the queue, where they run
/// in batches.
/// </summary>
internal sealed class ModelInstance : IDisposable
{
    // Handing a call over to another thread and back costs 10 to 20 µs of processor and as much of waiting.
    private static readonly TimeSpan LongestInline = TimeSpan.FromMicroseconds(200);

    // A call this short takes no turn: side by side with another it is done before the handing over would be.
    private static readonly TimeSpan LongestWithoutTurn = TimeSpan.FromMicroseconds(20);

    private readonly string _model;
    private readonly OnnxSession _session;
    private readonly BatchPlan _plan;
    private readonly TimeProvider _time;
    private readonly ServingMeter _meter;
    private readonly RunTimes _times;
    private readonly BatchRunner _runner;
    private readonly Scheduler _scheduler;
    private readonly ResponseCache _cache = new();
    private readonly double _longestInline;
    private readonly double _longestWithoutTurn;

    public ModelInstance(string model, OnnxSession session, BatchPlan plan, ServingContext context)
    {
        (_model, _session, _plan, _time, _meter) = (model, session, plan, context.Time, context.Meter);
        _times = new RunTimes(_time);
        _runner = new BatchRunner(session, plan, _times, _meter, _time);
        _scheduler = new Scheduler(model, plan, _runner, _times, context);
        _longestInline = LongestInline.TotalSeconds * _time.TimestampFrequency;
        _longestWithoutTurn = LongestWithoutTurn.TotalSeconds * _time.TimestampFrequency;
        _cache.Budget = context.Settings.CacheBytes;
        Ended = EndAsync();
    }

    public OnnxSignature Signature => _session.Signature;

    public BatchPlan Plan => _plan;

    /// <summary>Completes when its threads have ended and the session's memory is free.</summary>
    public Task Ended { get; }

    /// <summary>How it is served; changes hold from the next run on.</summary>
    public ServingSettings Settings
    {
        get => _scheduler.Settings;
        set
        {
            _scheduler.Settings = value;
            _cache.Budget = value.CacheBytes;
        }
    }

    public ModelStatistics Statistics => _meter.Statistics.Snapshot();

    /// <summary>Refuses at once what would be refused after its body was read: a request of one row on <paramref name="terms"/>.</summary>
    /// <exception cref="InferenceException">The queue is full, or the deadline cannot be kept.</exception>
    public void ThrowIfOverloaded(RunTerms terms)
    {
        if (_scheduler.FindRefusal(terms, new WorkShape(1, 1, 0, CanJoin: true)) is not { } refusal)
            return;
        _meter.Refused(refusal.Reason);
        throw new InferenceException(refusal.Error);
    }

    /// <summary>Runs. <paramref name="inputs"/> belong to the instance from the call on, whatever comes of it.</summary>
    /// <exception cref="InferenceException">
    /// The queue is full, the deadline cannot be kept, or the graph cannot run on these inputs.
    /// </exception>
    public ValueTask<RunOutcome> RunAsync(
        IReadOnlyList<BufferTensor> inputs, IReadOnlyList<string> outputs, RunTerms terms, CancellationToken cancellationToken)
    {
        var request = new RunRequest(InOrder(inputs), outputs, terms, _time.GetTimestamp(), cancellationToken);
        // The engine begins no trace of its own: what is not sampled costs nothing more.
        if (Activity.Current is { Recorded: true } && InferenceTelemetry.Source.HasListeners())
            return TracedAsync(request);
        return _cache.Budget > 0 ? CachedAsync(request) : Run(request);
    }

    /// <summary>Whether <paramref name="item"/>, of the same thread, may run with <paramref name="batch"/> there, at a length that no row is padded for.</summary>
    public bool Joins(Batch batch, WorkItem item) =>
        !item.HasTurn
        && !batch.Items[0].HasTurn
        && item.Joins(batch.Items[0], _plan)
        && item.Shape.Width == batch.Width
        && batch.Rows + item.Shape.Rows <= Math.Min(_scheduler.Settings.MaxBatch, _plan.MaxRows)
        && _times.Undisturbed(batch.UnitsWith(item)) < _longestInline;

    /// <summary>Runs gathered calls on the caller's thread, and theirs go on there.</summary>
    public void RunHere(Batch batch)
    {
        var first = batch.Items[0];
        // Of several none is long: who leaves is noticed when it has run.
        using (batch.Items.Count == 1 ? first.Cancellation.UnsafeRegister(static batch => Leave((Batch)batch!), batch) : default)
            _runner.Run(batch);
        if (first.HasTurn)
            _scheduler.Leave();
        foreach (var item in batch.Items)
        {
            if (item.HasFailed)
                _meter.Failed(_time.GetElapsedTime(item.ArrivedAt));
        }
    }

    /// <summary>Ends it once the queue is empty. Nothing may be queued any more.</summary>
    public void Dispose() => _scheduler.Dispose();

    private static void Leave(Batch batch)
    {
        if (batch.Items[0].TryCancel())
            batch.Leave();
    }

    private async Task EndAsync()
    {
        await _scheduler.Ended;
        _session.Dispose();
    }

    private async ValueTask<RunOutcome> TracedAsync(RunRequest request)
    {
        using var activity = InferenceTelemetry.Source.StartActivity("run model");
        activity?.SetTag("model.name", _model);
        request = request with { Activity = activity };
        try
        {
            var outcome = await (_cache.Budget > 0 ? CachedAsync(request) : Run(request));
            activity?.SetTag("batch.rows", outcome.Rows).SetTag("queue.ms", outcome.Queue.TotalMilliseconds);
            return outcome;
        }
        catch (Exception error)
        {
            // Not its message, which may hold parts of the input.
            activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", error.GetType().Name);
            throw;
        }
    }

    private async ValueTask<RunOutcome> CachedAsync(RunRequest request)
    {
        var key = ContentKey.Of(request.Inputs, request.Outputs);
        while (!_cache.TryFind(key, out _))
        {
            if (_cache.Begin(key) is not { } other)
                return await RunForCacheAsync(key, request);
            try
            {
                // One whose run failed or was cancelled says nothing about ours.
                if (await other.WaitAsync(request.Cancellation) is { } theirs)
                    return Hit(theirs, request);
            }
            catch (OperationCanceledException)
            {
                request.ReleaseInputs();
                throw;
            }
        }

        return _cache.TryFind(key, out var answer) ? Hit(answer, request) : await Run(request);
    }

    private RunOutcome Hit(CachedAnswer answer, RunRequest request)
    {
        request.ReleaseInputs();
        _meter.CacheHit(_time.GetElapsedTime(request.ArrivedAt));
        return new RunOutcome(answer.Outputs, TimeSpan.Zero, TimeSpan.Zero, Rows: 0);
    }

    private async ValueTask<RunOutcome> RunForCacheAsync(ContentKey key, RunRequest request)
    {
        CachedAnswer? answer = null;
        _meter.CacheMiss(_time.GetElapsedTime(request.ArrivedAt));
        try
        {
            var outcome = await Run(request);
            answer = new CachedAnswer(key, [.. outcome.Outputs.Select(output => new CachedTensor(output))]);
            return outcome;
        }
        finally
        {
            _cache.End(key, answer);
        }
    }

    private ValueTask<RunOutcome> Run(RunRequest request)
    {
        var shape = WorkShape.Of(request.Inputs, _plan);
        var expected = _times.Undisturbed(shape.Units);
        // Zero: nothing is known yet, and it may be long.
        if (expected > 0 && expected < _longestInline && _scheduler.Settings.MaxDelay == TimeSpan.Zero)
        {
            var gathering = Gathering.Open;
            // The mean as well: of a graph whose values decide how long it takes, some calls may be short and the others not.
            if (expected < _longestWithoutTurn && _times.Estimate(shape.Units) < _longestInline)
                return gathering?.Add(this, new WorkItem(request, shape, hasTurn: false)) ?? RunHere(request, shape);
            if (_scheduler.TryEnter())
            {
                if (gathering is not null)
                    return gathering.Add(this, new WorkItem(request, shape, hasTurn: true));
                try
                {
                    return RunHere(request, shape);
                }
                finally
                {
                    _scheduler.Leave();
                }
            }
        }

        return QueueAsync(request, shape);
    }

    private ValueTask<RunOutcome> RunHere(RunRequest request, WorkShape shape)
    {
        try
        {
            request.Cancellation.ThrowIfCancellationRequested();
            var outcome = _runner.RunHere(request, shape);
            _meter.Succeeded(TimeSpan.Zero, _time.GetElapsedTime(request.ArrivedAt));
            return new ValueTask<RunOutcome>(outcome);
        }
#pragma warning disable CA1031 // It is thrown where the call is awaited, as from the queue.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _meter.Failed(_time.GetElapsedTime(request.ArrivedAt));
            return ValueTask.FromException<RunOutcome>(error);
        }
        finally
        {
            request.ReleaseInputs();
        }
    }

    private async ValueTask<RunOutcome> QueueAsync(RunRequest request, WorkShape shape)
    {
        var item = new WorkItem(request, shape, _scheduler.Cancel);
        if (_scheduler.Enqueue(item) is { } refusal)
        {
            item.Abandon();
            _meter.Refused(refusal.Reason);
            throw new InferenceException(refusal.Error);
        }

        try
        {
            return await item.Task;
        }
        catch
        {
            _meter.Failed(_time.GetElapsedTime(request.ArrivedAt));
            throw;
        }
    }

    private BufferTensor[] InOrder(IReadOnlyList<BufferTensor> inputs)
    {
        var wanted = _session.Signature.Inputs;
        var ordered = new BufferTensor[wanted.Count];
        for (var i = 0; i < ordered.Length; i++)
        {
            ordered[i] = i < inputs.Count && inputs[i].Name == wanted[i].Name
                ? inputs[i]
                : inputs.First(input => input.Name == wanted[i].Name);
        }

        return ordered;
    }
}
