using System.Diagnostics;
using Serverless.Inference.Comparison;
using Serverless.Inference.Embeddings;
using Serverless.Inference.Execution;

namespace Serverless.Optimization.Evaluation;

/// <summary>Compares text embedders by the vectors of real texts.</summary>
internal sealed class EmbeddingComparison(IReadOnlyList<string> texts) : IComparison
{
    private const int Together = 256;

    // As many as fill batches many times over; cosines are of all texts.
    private const int Timed = 128;

    public string References => $"{texts.Count} texts";

    public async Task<IReadOnlyList<(string Name, double Value)>> CompareAsync(
        ServedVersion parent, ServedVersion candidate, CancellationToken cancellationToken)
    {
        var (wanted, found) = (await EmbedAsync(parent, texts, cancellationToken), await EmbedAsync(candidate, texts, cancellationToken));
        var distance = new AnswerDistance();
        foreach (var (one, other) in wanted.Zip(found))
            distance.Add(one, other);
        // The largest number of a vector stands for nothing.
        return [.. AnswerFigures.Of(distance).Where(figure => figure.Name != FigureNames.Top1)];
    }

    public async Task<double> MeasureAsync(ServedVersion version, CancellationToken cancellationToken)
    {
        string[] timed = [.. texts.Take(Timed)];
        var start = Stopwatch.GetTimestamp();
        await EmbedAsync(version, timed, cancellationToken);
        return timed.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<IReadOnlyList<float[]>> EmbedAsync(
        ServedVersion version, IReadOnlyList<string> given, CancellationToken cancellationToken)
    {
        var vectors = new List<float[]>(given.Count);
        foreach (var chunk in given.Chunk(Together))
        {
            var outcome = await version.Lease.Embedder!.EmbedAsync(
                version.Lease, [.. chunk.Select(text => new EmbeddingInput(text, null, "text"))], RunTerms.Default, cancellationToken);
            vectors.AddRange(outcome.Vectors);
        }

        return vectors;
    }
}
