using System.Collections.Concurrent;
using Serverless.Contracts.Errors;
using Serverless.Inference.Diagnostics;
using Serverless.Inference.Onnx;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Execution;

/// <summary>
/// Runs one session on a thread of its own, one piece of work after another. The queue is bounded; work whose caller has left is dropped
/// before it costs anything.
/// </summary>
internal sealed class ModelInstance : IDisposable
{
    // What a full queue asks callers to wait: runs take milliseconds, so a second empties most queues.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly OnnxSession _session;
    private readonly BlockingCollection<WorkItem> _queue;
    private readonly TimeProvider _time;
    private readonly InferenceMetrics _metrics;
    private readonly string _model;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ModelInstance(string model, OnnxSession session, int queueCapacity, TimeProvider time, InferenceMetrics metrics)
    {
        _model = model;
        _session = session;
        _time = time;
        _metrics = metrics;
        _queue = new BlockingCollection<WorkItem>(queueCapacity);
        var thread = new Thread(Loop) { IsBackground = true, Name = $"model {model}" };
        thread.Start();
    }

    public OnnxSignature Signature => _session.Signature;

    /// <summary>Completes when the thread has ended and the session's memory is free.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Queues a run. <paramref name="inputs"/> belong to the instance from the call on, whatever comes of it.</summary>
    /// <exception cref="InferenceException">The queue is full, or the graph cannot run on these inputs.</exception>
    public async Task<RunOutcome> RunAsync(
        IReadOnlyList<BufferTensor> inputs, IReadOnlyList<string> outputs, RunTerms terms, CancellationToken cancellationToken)
    {
        using var activity = InferenceTelemetry.Source.StartActivity("run model");
        activity?.SetTag("model.name", _model);
        var item = new WorkItem(inputs, outputs, _time.GetTimestamp(), cancellationToken);
        if (!_queue.TryAdd(item, millisecondsTimeout: 0, CancellationToken.None))
        {
            item.ReleaseInputs();
            throw new InferenceException(new InferenceError(
                ErrorKind.Overloaded,
                $"The queue of model {_model} is full ({_queue.BoundedCapacity} requests); retry later.",
                RetryAfter: RetryAfter));
        }

        try
        {
            return await item.Completion.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The run may still succeed: nobody is left to give its outputs back.
            _ = item.Completion.ContinueWith(
                static run => run.Result.Dispose(),
                CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Ends the loop once the queue is empty. Nothing may be queued any more.</summary>
    public void Dispose() => _queue.CompleteAdding();

    private void Loop()
    {
        foreach (var item in _queue.GetConsumingEnumerable())
        {
            try
            {
                Execute(item);
            }
            finally
            {
                item.ReleaseInputs();
            }
        }

        _session.Dispose();
        _queue.Dispose();
        _ended.SetResult();
    }

    private void Execute(WorkItem item)
    {
        if (item.Cancellation.IsCancellationRequested)
        {
            item.Drop();
            return;
        }

        var started = _time.GetTimestamp();
        var queued = _time.GetElapsedTime(item.EnqueuedAt, started);
        _metrics.Queued(_model, queued);
        try
        {
            var outputs = _session.Run(item.Inputs, item.Outputs, item.Cancellation);
            item.Complete(new RunOutcome(outputs, queued, _time.GetElapsedTime(started), Rows: 1));
        }
        catch (OperationCanceledException)
        {
            item.Drop();
        }
#pragma warning disable CA1031 // Whatever a run throws is its caller's; the loop serves the others.
        catch (Exception error)
#pragma warning restore CA1031
        {
            item.Fail(error);
        }
    }
}
