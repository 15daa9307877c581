using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx.Preparation;

/// <summary>
/// Proves that a model answers rows that run together as it answers each alone. Symbol names say nothing about it: outputs may have no
/// batch axis, and some graphs (dynamic quantisation, normalisation over the batch) let one row change another.
/// </summary>
internal sealed class BatchProof(OnnxSession session, PreparationOptions options, double precision)
{
    private AnswerComparison _comparison = new(precision);

    public BatchingRecord Run()
    {
        if (options.MaxBatch <= 1)
            return new BatchingRecord(1, 0, "No proof was asked for.");
        if (FindObstacle(session.Signature) is { } obstacle)
            return new BatchingRecord(1, 0, obstacle);
        if (SequenceProbe.Find(session) is { } sequence)
        {
            var padded = Prove(mixed: true) with { Sequence = sequence };
            // An embedder is only ever run padded; another model may still take rows of one length.
            if (padded.MaxBatch > 1 || options.Task == ModelTasks.TextEmbedding)
                return padded.MaxBatch > 1 ? padded : padded with { Sequence = null };
        }

        return Prove(options.Task == ModelTasks.TextEmbedding);
    }

    private BatchingRecord Prove(bool mixed)
    {
        _comparison = new AnswerComparison(precision);
        var proved = Random(mixed) ?? Given();
        return proved is null
            ? new BatchingRecord(
                options.MaxBatch,
                _comparison.Largest,
                $"{options.MaxBatch} rows alone equal the same rows together and shuffled{(mixed ? ", padded to the longest" : "")}.")
            : new BatchingRecord(1, _comparison.Largest, proved);
    }

    private static string? FindObstacle(OnnxSignature signature)
    {
        foreach (var input in signature.Inputs)
        {
            if (input.Shape.Count == 0 || input.Shape[0] >= 0)
                return $"Input '{input.Name}' has no free first dimension: {TensorShape.Format(input.Shape)}.";
        }

        return signature.Inputs.Count == 0 ? "It has no inputs." : null;
    }

    private string? Random(bool mixed)
    {
        foreach (var rows in new RandomRows(session.Signature, mixed).Sets(options.MaxBatch))
        {
            if (TryCompare(rows, out var difference))
                return difference;
        }

        return options.Samples.Count > 0 ? null : "No random inputs were found that it takes; give real ones as samples.";
    }

    private string? Given()
    {
        if (options.Samples.Count == 0)
            return null;
        // Few samples still fill a batch, each several times over.
        SampleRow[] rows = [.. Enumerable.Range(0, options.MaxBatch).Select(index => options.Samples[index % options.Samples.Count])];
        return TryCompare(rows, out var difference) ? difference : "It does not take the samples given.";
    }

    // False when the model does not take these rows at all.
    private bool TryCompare(IReadOnlyList<SampleRow> rows, out string? difference)
    {
        difference = null;
        var alone = new List<IReadOnlyList<Tensor>>();
        try
        {
            foreach (var row in rows)
            {
                if (RowBatch.TryRun(session, [row]) is not { } answer)
                    return false;
                alone.Add(answer);
            }

            var order = Enumerable.Range(0, rows.Count).ToArray();
            var shuffled = order.ToArray();
            new Random(5).Shuffle(shuffled);
            foreach (var batch in new[] { order, shuffled, shuffled[..Math.Min(3, rows.Count)] })
                difference ??= Compare(rows, alone, batch);
            return true;
        }
        finally
        {
            foreach (var tensor in alone.SelectMany(answer => answer))
                tensor.Dispose();
        }
    }

    private string? Compare(IReadOnlyList<SampleRow> rows, List<IReadOnlyList<Tensor>> alone, int[] batch)
    {
        if (RowBatch.TryRun(session, [.. batch.Select(index => rows[index])]) is not { } together)
            return $"It does not take {batch.Length} rows at once.";
        try
        {
            return batch.Select((row, place) => _comparison.FindDifference(alone[row], together, place, batch.Length))
                .FirstOrDefault(found => found is not null) is { } difference
                    ? $"Of {batch.Length} rows together, {difference}."
                    : null;
        }
        finally
        {
            foreach (var tensor in together)
                tensor.Dispose();
        }
    }
}
