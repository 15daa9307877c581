using System.Numerics.Tensors;

namespace Serverless.Inference.Generation.Sampling;

/// <summary>
/// Weights of tokens: their probabilities up to a common factor, the largest being 1 (give or take the vectorised exponential's last
/// digit); 0 for those that cannot be drawn. Rules that leave tokens out set their weights to 0, so a vocabulary is never sorted.
/// </summary>
internal static class TokenWeights
{
    // Small enough to stay in the first-level cache through three passes.
    private const int Block = 2048;

    /// <summary>Turns logits into weights in place.</summary>
    /// <param name="logits">Without NaN.</param>
    /// <param name="largest">The largest of them.</param>
    /// <param name="temperature">Above 0.</param>
    public static void FromLogits(Span<float> logits, float largest, float temperature)
    {
        // The largest is taken off before the division: neither can overflow.
        var factor = 1 / temperature;
        for (var start = 0; start < logits.Length; start += Block)
        {
            var block = logits.Slice(start, Math.Min(Block, logits.Length - start));
            TensorPrimitives.Subtract(block, largest, block);
            if (factor != 1)
                TensorPrimitives.Multiply(block, factor, block);
            TensorPrimitives.Exp<float>(block, block);
        }
    }

    /// <summary>
    /// Applies min-p, top-k and top-p, in this order; each works on what the one before it left.
    /// </summary>
    public static void Reduce(Span<float> weights, SamplingOptions options)
    {
        if (options.MinP > 0)
            WeightSelection.DropBelow(weights, options.MinP * TensorPrimitives.Max<float>(weights));
        if (options.TopK > 0 && options.TopK < weights.Length)
            WeightSelection.KeepMost(weights, new WeightTally(0, options.TopK), float.Epsilon);
        if (options.TopP < 1)
            KeepNucleus(weights, options.TopP);
    }

    private static void KeepNucleus(Span<float> weights, float share)
    {
        // All the tokens below this floor together are less than what may be left out.
        var mass = WeightTally.AtLeast(weights, 0).Mass;
        var floor = (float)(0.99 * (1 - share) * mass / weights.Length);
        WeightSelection.KeepMost(weights, new WeightTally(share * mass, 1), Math.Max(floor, float.Epsilon));
    }

    /// <summary>The token at which the running sum of the weights passes <paramref name="share"/> of the whole.</summary>
    /// <param name="weights">At least one of them is above 0.</param>
    /// <param name="share">From 0 up to, not reaching, 1.</param>
    public static int Draw(ReadOnlySpan<float> weights, double share)
    {
        double total = 0;
        for (var start = 0; start < weights.Length; start += Block)
            total += WeightTally.AtLeast(BlockAt(weights, start), 0).Mass;

        var rest = share * total;
        for (var start = 0; start < weights.Length; start += Block)
        {
            var sum = WeightTally.AtLeast(BlockAt(weights, start), 0).Mass;
            if (rest < sum)
                return start + DrawInBlock(BlockAt(weights, start), rest);
            rest -= sum;
        }

        return weights.LastIndexOfAnyExcept(0f);
    }

    private static int DrawInBlock(ReadOnlySpan<float> weights, double rest)
    {
        for (var index = 0; index < weights.Length; index++)
        {
            rest -= weights[index];
            if (rest < 0)
                return index;
        }

        // The sum was rounded up: what is left over belongs to the last one.
        return weights.LastIndexOfAnyExcept(0f);
    }

    private static ReadOnlySpan<float> BlockAt(ReadOnlySpan<float> weights, int start) =>
        weights.Slice(start, Math.Min(Block, weights.Length - start));
}
