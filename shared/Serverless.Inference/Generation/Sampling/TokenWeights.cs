using System.Numerics.Tensors;

namespace Serverless.Inference.Generation.Sampling;

/// <summary>
/// Weights of tokens: their probabilities up to a common factor, the largest being 1 (give or take the vectorised exponential's last
/// digit); 0 for those that cannot be drawn.
/// </summary>
internal static class TokenWeights
{
    // Small enough to stay in the first-level cache through four passes.
    private const int Block = 2048;

    /// <summary>Turns logits into weights in place.</summary>
    /// <param name="logits">Without NaN.</param>
    /// <param name="largest">The largest of them.</param>
    /// <param name="temperature">Above 0.</param>
    /// <returns>What the weights add up to, in an order that depends on their places alone.</returns>
    public static double FromLogits(Span<float> logits, float largest, float temperature)
    {
        // The largest is taken off before the division: neither can overflow.
        var factor = 1 / temperature;
        double mass = 0;
        for (var start = 0; start < logits.Length; start += Block)
        {
            var block = logits.Slice(start, Math.Min(Block, logits.Length - start));
            TensorPrimitives.Subtract(block, largest, block);
            if (factor != 1)
                TensorPrimitives.Multiply(block, factor, block);
            TensorPrimitives.Exp<float>(block, block);
            mass += WeightTally.AtLeast(block, 0).Mass;
        }

        return mass;
    }

    /// <summary>The token at which the running sum of the weights passes <paramref name="share"/> of the whole.</summary>
    /// <param name="weights">At least one of them is above 0.</param>
    /// <param name="mass">What they add up to.</param>
    /// <param name="share">From 0 up to, not reaching, 1.</param>
    public static int Draw(ReadOnlySpan<float> weights, double mass, double share)
    {
        var rest = share * mass;
        for (var start = 0; start < weights.Length; start += Block)
        {
            var block = weights.Slice(start, Math.Min(Block, weights.Length - start));
            var sum = WeightTally.AtLeast(block, 0).Mass;
            if (rest < sum)
                return start + DrawInBlock(block, rest);
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
}
