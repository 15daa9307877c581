using System.Globalization;
using Serverless.Contracts.Errors;
using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx.Preparation.Decoders;

/// <summary>Proves that a decoder answers streams that run together as it answers each alone, and as it did before it was changed.</summary>
internal sealed class DecoderProof(DecoderRecord decoder)
{
    private const int Vocabulary = 200;
    private const int Steps = 3;

    private readonly double _precision = TensorElements.Precision(decoder.HalfPrecision ? TensorDatatype.Fp16 : TensorDatatype.Fp32);
    private readonly Random _random = new(11);

    /// <summary>What the prepared graph answers otherwise than the original; null when it does not.</summary>
    public string? FindChange(OnnxSession original, OnnxSession prepared)
    {
        var (before, after) = (new DecoderRuns(original, decoder), new DecoderRuns(prepared, decoder));
        var tokens = Tokens(Math.Min(7, decoder.ContextLength - Steps));
        var (wanted, found) = (before.Extend(before.Begin(), tokens), after.Extend(after.Begin(), tokens));
        for (var step = 0; step < Steps; step++)
        {
            if (FindDifference(wanted.Logits, found.Logits, out _) is { } difference)
                return $"after {wanted.State.Length} tokens a logit {difference}";
            var next = Tokens(1);
            (wanted, found) = (before.Extend(wanted.State, next), after.Extend(found.State, next));
        }

        return null;
    }

    /// <summary>Runs up to <paramref name="rows"/> streams of different length alone and together.</summary>
    public BatchingRecord Batch(OnnxSession session, int rows)
    {
        if (rows <= 1)
            return new BatchingRecord(1, 0, "No proof was asked for.");
        var runs = new DecoderRuns(session, decoder);
        var longest = Math.Min(11, decoder.ContextLength - Steps);
        var states = Enumerable.Range(0, rows).Select(row => runs.Extend(runs.Begin(), Tokens(1 + (row * 5 % longest))).State).ToList();
        var largest = 0.0;
        try
        {
            for (var step = 0; step < Steps; step++)
            {
                var tokens = Tokens(rows);
                var alone = states.Select((state, row) => runs.Extend(state, tokens[row])).ToList();
                var together = runs.Step(states, tokens);
                for (var row = 0; row < rows; row++)
                {
                    if (FindDifference(alone[row].Logits, together[row].Logits, out var seen) is { } difference)
                        return new BatchingRecord(1, Math.Max(largest, seen), $"Of {rows} streams together, a logit {difference}.");
                    largest = Math.Max(largest, seen);
                }

                // Those that ran together go on: what they left as keys and values counts too.
                states = [.. together.Select(answer => answer.State)];
            }
        }
        catch (InferenceException error)
        {
            return new BatchingRecord(1, largest, $"It does not take {rows} streams of different length at once: {error.Message}");
        }

        return new BatchingRecord(rows, largest, $"{rows} streams alone equal the same streams together, of different length.");
    }

    private long[] Tokens(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (long)_random.Next(Math.Min(Vocabulary, decoder.LogitsSize)))];

    private string? FindDifference(double[] wanted, double[] found, out double largest)
    {
        largest = 0;
        for (var i = 0; i < wanted.Length; i++)
        {
            var difference = Math.Abs(wanted[i] - found[i]);
            largest = Math.Max(largest, double.IsNaN(difference) ? 0 : difference);
            if (!wanted[i].Equals(found[i]) && !(difference <= _precision * Math.Max(1, Math.Abs(wanted[i]))))
                return string.Create(CultureInfo.InvariantCulture, $"is {found[i]:g6} where {wanted[i]:g6} is right");
        }

        return null;
    }
}
