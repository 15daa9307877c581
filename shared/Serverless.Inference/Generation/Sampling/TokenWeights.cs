using System.Numerics;
using System.Runtime.InteropServices;

namespace Serverless.Inference.Generation.Sampling;

/// <summary>Weights of tokens: their probabilities up to a common factor, the largest being 1; 0 for those that cannot be drawn.</summary>
internal static class TokenWeights
{
    // Lanes of single precision are added up in double precision so often that the sum keeps six digits at any vocabulary.
    private const int Block = 2048;

    /// <summary>Turns logits into weights in place.</summary>
    /// <param name="logits">Without NaN.</param>
    /// <param name="largest">The largest of them.</param>
    /// <param name="temperature">Above 0.</param>
    /// <returns>What the weights add up to, in an order that depends on their places alone.</returns>
    public static double FromLogits(Span<float> logits, float largest, float temperature)
    {
        double mass = 0;
        for (var start = 0; start < logits.Length; start += Block)
            mass += FromLogits(logits.Slice(start, Math.Min(Block, logits.Length - start)), new Vector<float>(largest), 1 / temperature);
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

    // The largest is taken off before the division: neither can overflow.
    private static double FromLogits(Span<float> block, Vector<float> largest, float factor)
    {
        var sums = Vector<float>.Zero;
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(block);
        foreach (ref var vector in vectors)
        {
            vector = Exponential.Of((vector - largest) * factor);
            sums += vector;
        }

        var rest = block[(vectors.Length * Vector<float>.Count)..];
        if (rest.IsEmpty)
            return Vector.Sum(sums);
        Span<float> last = stackalloc float[Vector<float>.Count];
        last.Fill(float.NegativeInfinity);
        rest.CopyTo(last);
        var weights = Exponential.Of((new Vector<float>(last) - largest) * factor);
        weights.CopyTo(last);
        last[..rest.Length].CopyTo(rest);
        return Vector.Sum(sums + weights);
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
