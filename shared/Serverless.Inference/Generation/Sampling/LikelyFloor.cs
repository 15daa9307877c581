namespace Serverless.Inference.Generation.Sampling;

/// <summary>
/// Guesses from a sample of the weights, and on the low side, how small a weight the rules can keep: whoever gathers what reaches it checks
/// that it was enough. Bisecting 2,000 weights takes a tenth of what one pass over a vocabulary does.
/// </summary>
internal static class LikelyFloor
{
    private const int Sample = 2048;

    // Halvings of the floats' bits: after 12 of them the floor is known to a hundredth of itself.
    private const int Halvings = 12;

    // A distribution that one token rules has nothing in its sample to say so.
    private const float Highest = 0.5f;

    /// <summary>The weight that <paramref name="count"/> of the largest very likely reach.</summary>
    public static float OfMost(ReadOnlySpan<float> weights, int count)
    {
        Span<float> sample = stackalloc float[Sample];
        var stride = Take(weights, ref sample);
        // Twice as many as are asked for, and eight more: by chance alone the sample could hold more of the large ones than it should.
        return Bisect(sample, new WeightTally(0, (2 * count / stride) + 8));
    }

    /// <summary>The weight that those which make up <paramref name="share"/> of <paramref name="mass"/> very likely reach.</summary>
    public static float OfNucleus(ReadOnlySpan<float> weights, double mass, float share)
    {
        Span<float> sample = stackalloc float[Sample];
        var stride = Take(weights, ref sample);
        // What lies below the floor is many small weights: those a sample tells well, unlike the few large ones.
        var below = 0.8 * (1 - share) * mass / stride;
        return Bisect(sample, new WeightTally(WeightTally.AtLeast(sample, 0).Mass - below, 0));
    }

    /// <summary>A floor that is low enough: all the tokens below it together are less than what may be left out.</summary>
    public static float Surely(double mass, float share, int vocabulary) => (float)(0.99 * (1 - share) * mass / vocabulary);

    private static int Take(ReadOnlySpan<float> weights, ref Span<float> sample)
    {
        var stride = (weights.Length + Sample - 1) / Sample;
        sample = sample[..(weights.Length / stride)];
        for (var index = 0; index < sample.Length; index++)
            sample[index] = weights[index * stride];
        return stride;
    }

    private static float Bisect(ReadOnlySpan<float> sample, WeightTally quota)
    {
        var (low, high) = (0, BitConverter.SingleToInt32Bits(Highest));
        for (var halving = 0; halving < Halvings; halving++)
        {
            var middle = low + ((high - low) / 2);
            var tally = WeightTally.AtLeast(sample, BitConverter.Int32BitsToSingle(middle));
            if (tally.Count >= quota.Count && tally.Mass >= quota.Mass)
                low = middle;
            else
                high = middle;
        }

        return BitConverter.Int32BitsToSingle(low);
    }
}
