using Serverless.Models.Manifest;

namespace Serverless.Optimization.Evaluation;

/// <summary>Measures a candidate against the version that it was made from, both as the worker would serve them.</summary>
internal sealed class CandidateEvaluation(ReferenceInputs references)
{
    // In turn, so that what else the machine does falls on both; the first round warms up and is not counted.
    private const int Rounds = 3;

    public async Task<(string References, IReadOnlyList<(string Name, double Value)> Figures)> RunAsync(
        ServedVersion parent, ServedVersion candidate, CancellationToken cancellationToken)
    {
        var comparison = await ChooseAsync(parent, cancellationToken);
        var figures = new List<(string, double)>(await comparison.CompareAsync(parent, candidate, cancellationToken))
        {
            (FigureNames.Size, candidate.Size / parent.Size),
            (FigureNames.PackedSize, candidate.PackedSize / parent.PackedSize),
            (FigureNames.Throughput, await ThroughputAsync(comparison, parent, candidate, cancellationToken)),
        };
        if (candidate.Manifest.MemoryBytes is { } memory && parent.Manifest.MemoryBytes is > 0 and var before)
            figures.Add((FigureNames.Memory, memory / (double)before));
        return (comparison.References, figures);
    }

    private async Task<IComparison> ChooseAsync(ServedVersion parent, CancellationToken cancellationToken)
    {
        if (parent.Manifest.Task is ModelTasks.TextEmbedding or ModelTasks.TextGeneration && references.Texts.Count == 0)
        {
            throw new ArgumentException(
                $"{parent.Manifest.Name} is for {parent.Manifest.Task} and is compared on texts: give a file with one on each line (--texts FILE).");
        }

        return parent.Lease switch
        {
            { Embedder: not null } => new EmbeddingComparison(references.Texts),
            { Generator: { } generator } => DecoderComparison.Create(references.Texts, generator),
            _ => await RowComparison.CreateAsync(references.Rows, parent, cancellationToken),
        };
    }

    private static async Task<double> ThroughputAsync(
        IComparison comparison, ServedVersion parent, ServedVersion candidate, CancellationToken cancellationToken)
    {
        var ratios = new List<double>();
        for (var round = -1; round < Rounds; round++)
        {
            var (before, after) = (await comparison.MeasureAsync(parent, cancellationToken), await comparison.MeasureAsync(candidate, cancellationToken));
            if (round >= 0)
                ratios.Add(after / before);
        }

        ratios.Sort();
        return ratios[Rounds / 2];
    }
}
