using Serverless.Inference.Execution;
using Serverless.Inference.Execution.Caching;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Shadowing;

/// <summary>A request that was chosen to run on the shadow too, once it is answered.</summary>
internal sealed class ShadowSample(ShadowRuns runs, ShadowPair pair)
{
    // Kept twice, beside the request's own: a few megabytes are an image or a page of text.
    private const long MaxBytes = 4 << 20;

    /// <summary>Runs the request on <paramref name="main"/>, whatever becomes of its shadow.</summary>
    public async ValueTask<RunOutcome> RunAsync(
        LoadedModel main,
        IReadOnlyList<BufferTensor> inputs,
        IReadOnlyList<string> outputs,
        RunTerms terms,
        CancellationToken cancellationToken)
    {
        if (runs.IsFull || inputs.Sum(input => input.Bytes) > MaxBytes)
        {
            pair.Dropped();
            return await main.RunAsync(inputs, outputs, terms, cancellationToken);
        }

        // The run gives its inputs' memory back before it has answered.
        BufferTensor[] copies = [.. inputs.Select(BufferTensor.CopyOf)];
        var offered = false;
        try
        {
            var outcome = await main.RunAsync(inputs, outputs, terms, cancellationToken);
            offered = outcome.Outputs.Sum(output => (long)output.Data.Length) <= MaxBytes
                && runs.TryAdd(new ShadowJob(pair, main, copies, [.. outcome.Outputs.Select(output => new CachedTensor(output))], outcome.Run));
            if (!offered)
                pair.Dropped();
            return outcome;
        }
        finally
        {
            if (!offered)
                Array.ForEach(copies, copy => copy.Dispose());
        }
    }
}
