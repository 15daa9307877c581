using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Execution;
using Serverless.Inference.Onnx;
using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Staging;

/// <summary>
/// Runs a partitioned model as one: stage by stage, each with a queue and batches of its own, so that one request is in a stage while the
/// next is in the stage before. Rows of one request go as micro-batches where stages run on different machines.
/// </summary>
internal sealed class StageChain
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly string _model;
    private readonly ModelInstance _first;
    private readonly IReadOnlyList<StageRecord> _records;
    private readonly IStage[] _stages;
    private readonly StagePlan _whole;
    private readonly bool _isSplittable;
    private int _running;

    /// <param name="manifest">A model in stages.</param>
    /// <param name="first">Its first stage.</param>
    /// <param name="later">The others, in order.</param>
    public StageChain(ModelManifest manifest, ModelInstance first, IEnumerable<IStage> later)
    {
        (_model, _first, _records) = (manifest.Name, first, manifest.Stages!);
        _stages = [new FirstStage(first), .. later];
        Signature = new OnnxSignature(manifest.Inputs, manifest.Outputs);
        _whole = new StagePlan(_records, [.. Signature.Outputs.Select(output => output.Name)]);
        _isSplittable = _stages.Skip(1).Any(stage => stage is not LocalStage)
            && _records.All(record => record.MaxBatch > 1)
            && Signature.Outputs.All(output => output.Datatype != "BYTES");
    }

    /// <summary>Inputs and outputs of the whole.</summary>
    public OnnxSignature Signature { get; }

    /// <summary>The later stages that this process serves.</summary>
    public IEnumerable<ModelReference> Local => _stages.OfType<LocalStage>().Select(stage => stage.Package);

    /// <summary>Runs the stages. <paramref name="inputs"/> belong to the run from the call on, whatever comes of it.</summary>
    /// <exception cref="InferenceException">A stage failed, or too many requests are in the stages.</exception>
    public async ValueTask<RunOutcome> RunAsync(
        IReadOnlyList<BufferTensor> inputs, IReadOnlyList<string> outputs, RunTerms terms, CancellationToken cancellationToken)
    {
        Enter(inputs);
        try
        {
            var plan = outputs.SequenceEqual(_whole.Outputs, StringComparer.Ordinal) ? _whole : new StagePlan(_records, outputs);
            var parts = _isSplittable ? MicroBatches.CountFor(inputs, _stages.Length) : 1;
            return await (parts > 1
                ? RunPartsAsync(MicroBatches.Split(inputs, parts), plan, terms, cancellationToken)
                : RunStepsAsync(inputs, plan, terms, turns: null, cancellationToken));
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    // What is between stages is in no queue that has a bound.
    private void Enter(IReadOnlyList<BufferTensor> inputs)
    {
        var most = _first.Settings.QueueRows;
        if (Interlocked.Increment(ref _running) <= most)
            return;
        Interlocked.Decrement(ref _running);
        foreach (var input in inputs)
            input.Dispose();
        throw new InferenceException(new InferenceError(
            ErrorKind.Overloaded,
            $"{most} requests are in the stages of model {_model}, which is as many as may be; retry later.",
            RetryAfter: RetryAfter));
    }

    private async Task<RunOutcome> RunStepsAsync(
        IReadOnlyList<BufferTensor> inputs, StagePlan plan, RunTerms terms, StageTurns? turns, CancellationToken cancellationToken)
    {
        using var values = new StageValues(plan, inputs);
        var (queue, run, device, rows) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, 0);
        for (var step = 0; step < plan.Steps.Count; step++)
        {
            if (turns is not null)
                await turns.EnterAsync(step, cancellationToken);
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (stage, _, outputs) = plan.Steps[step];
                var outcome = await _stages[stage].RunAsync(values.Take(step), outputs, terms, cancellationToken);
                values.Add(outcome.Outputs);
                (queue, run, device) = (queue + outcome.Queue, run + outcome.Run, device + outcome.Device);
                rows = Math.Max(rows, outcome.Rows);
            }
            finally
            {
                turns?.Leave(step);
            }
        }

        return new RunOutcome(values.TakeOutputs(), queue, run, rows) { Device = device };
    }

    private async Task<RunOutcome> RunPartsAsync(
        BufferTensor[][] parts, StagePlan plan, RunTerms terms, CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var turns = new StageTurns(plan.Steps.Count);
        var runs = Array.ConvertAll(parts, part => RunPartAsync(part, plan, terms, turns, failed));
        var all = Task.WhenAll(runs);
        await ((Task)all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (all.IsCompletedSuccessfully)
            return MicroBatches.Join(all.Result);
        foreach (var run in runs.Where(run => run.IsCompletedSuccessfully))
            run.Result.Dispose();
        // The parts that the failure of another one cancelled have nothing to tell.
        return await (Array.Find(runs, run => run.IsFaulted) ?? runs.First(run => run.IsCanceled));
    }

    private async Task<RunOutcome> RunPartAsync(
        BufferTensor[] part, StagePlan plan, RunTerms terms, StageTurns turns, CancellationTokenSource failed)
    {
        try
        {
            return await RunStepsAsync(part, plan, terms, turns, failed.Token);
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
    }
}
