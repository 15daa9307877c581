using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx.Preparation;

/// <summary>Holds what will be served against the file that was handed in.</summary>
internal static class OriginalCheck
{
    /// <returns>What is different, or null: nothing is, or no inputs were found that the model takes.</returns>
    public static string? FindDifference(OnnxSession original, OnnxSession prepared, PreparationOptions options, double precision)
    {
        var made = new RandomRows(original.Signature, options.Task == ModelTasks.TextEmbedding).Sets(1).Select(rows => rows[0]);
        foreach (var row in made.Concat(options.Samples.Take(1)))
        {
            if (RowBatch.TryRun(original, [row]) is not { } wanted)
                continue;
            var found = RowBatch.TryRun(prepared, [row]);
            try
            {
                return found is null ? "it cannot run" : new AnswerComparison(precision).FindDifference(wanted, found, index: 0, rows: 1);
            }
            finally
            {
                foreach (var tensor in wanted.Concat(found ?? []))
                    tensor.Dispose();
            }
        }

        return null;
    }
}
