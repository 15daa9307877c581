using Serverless.Inference.Embeddings;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Optimization.Candidates;
using Serverless.Optimization.Evaluation;
using Serverless.Optimization.Graphs;

namespace Serverless.Optimization.Calibration;

/// <summary>Makes rows of real inputs out of what a candidate is measured on.</summary>
internal static class CalibrationTexts
{
    // What is seen of activations hardly changes after some thousand tokens.
    private const int MaxRows = 64;
    private const int MaxTokens = 128;

    /// <returns>None where there are neither rows nor texts: then rows are made up.</returns>
    public static async Task<IReadOnlyList<SampleRow>> RowsAsync(
        CandidateSource source, ModelGraph model, ReferenceInputs references, CancellationToken cancellationToken)
    {
        if (references.Texts.Count == 0)
            return [.. references.Rows.Take(MaxRows)];
        await using var parent = await ServedVersion.StartAsync(source.Store, source.Parent.Name, source.Parent.Version, cancellationToken);
        IEnumerable<long[]> rows = parent.Lease switch
        {
            { Embedder: { } embedder } => references.Texts.Select(text => embedder.Encode(new EmbeddingInput(text, null, "text"))),
            { Generator: { } generator } => references.Texts.SelectMany(text => generator.Encode(text + "\n"))
                .Chunk(Math.Min(MaxTokens, generator.ContextLength / 2)).Select(tokens => Array.ConvertAll(tokens, token => (long)token)),
            _ => [],
        };
        return [.. rows.Take(MaxRows).Select(tokens => TokenRow.Of(model.Graph, tokens))];
    }
}
