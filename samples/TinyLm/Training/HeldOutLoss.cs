using TinyLm.Network;

namespace TinyLm.Training;

/// <summary>How well a decoder predicts text that it was not trained on.</summary>
internal static class HeldOutLoss
{
    /// <summary>Nats per token over sequences that lie behind each other.</summary>
    /// <param name="weights">The decoder's.</param>
    /// <param name="tokens">The text.</param>
    /// <param name="length">Tokens of each sequence.</param>
    /// <param name="most">The most sequences.</param>
    public static double Measure(DecoderWeights weights, int[] tokens, int length, int most = int.MaxValue)
    {
        var sequences = Math.Min(most, (tokens.Length - 1) / length);
        if (sequences == 0)
            throw new ArgumentException($"{tokens.Length} tokens are too few for a sequence of {length}.");
        var losses = new double[sequences];
        Parallel.For(
            0,
            sequences,
            () => new DecoderRun(weights.Shape, length, length),
            (sequence, _, run) =>
            {
                var start = sequence * length;
                losses[sequence] = run.Loss(weights, tokens.AsSpan(start, length), tokens.AsSpan(start + 1, length), length);
                return run;
            },
            _ => { });
        return losses.Sum() / ((double)sequences * length);
    }
}
