using System.Diagnostics;
using Serverless.Contracts.Errors;
using Serverless.Inference.Comparison;
using Serverless.Inference.Execution;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Inference.Tensors;

namespace Serverless.Optimization.Evaluation;

/// <summary>Compares models of plain tensors row by row, by all numbers of all their outputs.</summary>
internal sealed class RowComparison(IReadOnlyList<SampleRow> rows, bool areReal) : IComparison
{
    private const int MadeUp = 32;
    private const int AtLeast = 64;

    public string References => areReal ? $"{rows.Count} rows" : $"{rows.Count} rows made up of random numbers";

    /// <summary>Over the rows given, or over random ones that the model takes.</summary>
    /// <exception cref="ArgumentException">There are none, and none that were made up are taken.</exception>
    public static async Task<RowComparison> CreateAsync(
        IReadOnlyList<SampleRow> given, ServedVersion parent, CancellationToken cancellationToken)
    {
        if (given.Count > 0)
            return new RowComparison(given, areReal: true);
        foreach (var made in new RandomRows(parent.Lease.Signature, mixed: false).Sets(MadeUp))
        {
            try
            {
                await AnswerAsync(parent, made[0], cancellationToken);
                return new RowComparison(made, areReal: false);
            }
            catch (InferenceException error) when (error.Error.Kind == ErrorKind.InvalidRequest)
            {
                // Other sizes may suit it.
            }
        }

        throw new ArgumentException(
            $"No random inputs were found that {parent.Manifest.Name} takes: give real ones, requests of one row each (--inputs FILE).", nameof(given));
    }

    public async Task<IReadOnlyList<(string Name, double Value)>> CompareAsync(
        ServedVersion parent, ServedVersion candidate, CancellationToken cancellationToken)
    {
        var distance = new AnswerDistance();
        foreach (var row in rows)
        {
            var (wanted, found) = (await AnswerAsync(parent, row, cancellationToken), await AnswerAsync(candidate, row, cancellationToken));
            if (wanted.Length != found.Length)
            {
                throw new InferenceException(
                    ErrorKind.InvalidRequest, $"The candidate answers {found.Length} numbers where version {parent.Manifest.Version} answers {wanted.Length}.");
            }

            distance.Add(wanted, found);
        }

        return AnswerFigures.Of(distance);
    }

    public async Task<double> MeasureAsync(ServedVersion version, CancellationToken cancellationToken)
    {
        var count = Math.Max(AtLeast, rows.Count);
        var start = Stopwatch.GetTimestamp();
        // All at once, as under load: what may run together does.
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = MadeUp, CancellationToken = cancellationToken },
            async (index, cancellation) => await AnswerAsync(version, rows[index % rows.Count], cancellation));
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<float[]> AnswerAsync(ServedVersion version, SampleRow row, CancellationToken cancellationToken)
    {
        string[] outputs = [.. version.Lease.Signature.Outputs.Select(output => output.Name)];
        using var outcome = await version.Lease.RunAsync(RowBatch.Pack([row]), outputs, RunTerms.Default, cancellationToken);
        return [.. outcome.Outputs.Where(output => output.Datatype != TensorDatatype.Bytes).SelectMany(Numbers)];
    }

    private static IEnumerable<float> Numbers(Tensor output) =>
        Enumerable.Range(0, (int)output.Count).Select(i => (float)TensorElements.At(output.Datatype, output.Data, i));
}
