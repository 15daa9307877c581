using Serverless.Contracts.Errors;
using Serverless.Inference.Accounting;
using Serverless.Inference.Diagnostics;
using Serverless.Inference.Execution.Admission;
using Serverless.Inference.Execution.Statistics;
using Serverless.Inference.Onnx;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Execution.Batching;

/// <summary>Runs batches and hands each request its part.</summary>
internal sealed class BatchRunner(OnnxSession session, BatchPlan plan, RunTimes times, ServingMeter meter, TimeProvider time)
{
    // One for each thread that runs models: making one costs as much as a tenth of a small model's run.
    [ThreadStatic]
    private static RunStop? _stop;

    /// <summary>Runs one request on the caller's thread.</summary>
    public RunOutcome RunHere(RunRequest request, WorkShape shape)
    {
        var (outputs, cancellation) = (request.Outputs, request.Cancellation);
        using var activity = BatchTracing.StartRun();
        var started = time.GetTimestamp();
        var stop = _stop ??= new RunStop();
        TimeSpan? took = null;
        try
        {
            Tensor[] results;
            // Disposing waits for a callback that is under way: none can stop this thread's next run.
            using (cancellation.UnsafeRegister(static state => ((RunStop)state!).Stop(), stop))
                results = session.Run(request.Inputs, outputs, plan.ShapesOf(outputs, shape), stop);
            var run = time.GetElapsedTime(started);
            took = run;
            times.Add(shape.Units, run);
            meter.RanInline(shape.Rows, run);
            return new RunOutcome(results, TimeSpan.Zero, run, shape.Rows) { Device = run };
        }
        catch (InferenceException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        finally
        {
            // What its answer says that it cost, to the tick.
            meter.AccountOf(request.Terms.Tenant).Add(took ?? time.GetElapsedTime(started));
            Renew();
        }
    }

    /// <summary>Runs <paramref name="batch"/> and completes its requests, whatever comes of it.</summary>
    public void Run(Batch batch)
    {
        try
        {
            RunTogether(batch);
        }
        catch (InferenceException) when (batch.Items.Count > 1)
        {
            // One row may be what the model does not take, and its neighbours have nothing to do with that.
            foreach (var item in batch.Items.Where(item => !item.IsCompleted))
                RunAlone(item);
        }
#pragma warning disable CA1031 // Whatever a run throws is its callers'; the loop serves the others.
        catch (Exception error)
#pragma warning restore CA1031
        {
            foreach (var item in batch.Items)
                item.TryFail(error);
        }
        finally
        {
            foreach (var item in batch.Items)
                item.ReleaseInputs();
        }
    }

    private void RunAlone(WorkItem item)
    {
        var batch = new Batch();
        batch.Add(item);
        try
        {
            RunTogether(batch);
        }
#pragma warning disable CA1031
        catch (Exception error)
#pragma warning restore CA1031
        {
            item.TryFail(error);
        }
    }

    private void RunTogether(Batch batch)
    {
        // Before the clock: were spans part of the time, the traced requests of a small model would have all of them queue.
        using var activity = BatchTracing.Start(batch);
        var started = time.GetTimestamp();
        var first = batch.Items[0];
        var inputs = batch.Items.Count == 1 ? first.Inputs : BatchInputs.Pack(batch, plan);
        Tensor[] outputs;
        long packed, ran;
        using (BatchTracing.StartRun())
        {
            packed = time.GetTimestamp();
            try
            {
                outputs = Infer(batch, inputs);
            }
            finally
            {
                Charge(batch, time.GetElapsedTime(packed));
                if (batch.Items.Count > 1)
                    Array.ForEach(inputs, input => input.Dispose());
            }

            ran = time.GetTimestamp();
        }

        var parts = batch.Items.Count == 1 ? [outputs] : BatchOutputs.Split(outputs, batch, plan);
        var durations = new RunDurations(
            time.GetElapsedTime(started, packed), time.GetElapsedTime(packed, ran), time.GetElapsedTime(ran));
        times.Add(batch.Units, time.GetElapsedTime(started));
        meter.Ran(batch.Items.Count, batch.Rows, batch.Waste, durations);
        for (var i = 0; i < parts.Length; i++)
            Complete(batch.Items[i], new RunOutcome(
                parts[i], time.GetElapsedTime(batch.Items[i].ArrivedAt, started), durations.Infer, batch.Rows)
            { Device = batch.Items[i].Device });
    }

    // By rows times their own length: who sends short texts does not pay for the padding beside a long one. A run that fails is paid for too.
    private void Charge(Batch batch, TimeSpan run)
    {
        var shares = new Shares(run.Ticks, batch.UsedUnits);
        foreach (var item in batch.Items)
        {
            item.Device = new TimeSpan(shares.Next(item.Shape.Units));
            meter.AccountOf(item.Terms.Tenant).Add(item.Device);
        }
    }

    private Tensor[] Infer(Batch batch, BufferTensor[] inputs)
    {
        var first = batch.Items[0];
        var shape = first.Shape with { Rows = batch.Rows, Width = batch.Width };
        var stop = _stop ??= new RunStop();
        try
        {
            batch.StopWith(stop.Stop);
            return session.Run(inputs, first.Outputs, plan.ShapesOf(first.Outputs, shape), stop);
        }
        finally
        {
            batch.StopWith(null);
            Renew();
        }
    }

    private void Complete(WorkItem item, RunOutcome outcome)
    {
        if (!item.TryEnd())
        {
            // Its caller has left meanwhile.
            outcome.Dispose();
            return;
        }

        meter.Succeeded(outcome.Queue, time.GetElapsedTime(item.ArrivedAt));
        item.SetResult(outcome);
    }

    private static void Renew()
    {
        if (_stop is not { IsStopped: true } stopped)
            return;
        stopped.Dispose();
        _stop = null;
    }
}
