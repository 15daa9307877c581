using System.Numerics;
using System.Runtime.InteropServices;

namespace Serverless.Inference.Generation.Sampling;

/// <summary>
/// Keeps the largest weights until a quota is met. The bits of positive floats are ordered like their values: bisecting them with one
/// vectorised count a step finds the threshold without sorting, in time that hardly depends on how flat the distribution is.
/// </summary>
internal static class WeightSelection
{
    // Few enough to be sorted on the stack once the bisection has come so near.
    private const int Few = 32;

    // The vectorised exponential of 0 is a little more than 1.
    private const float AboveAll = 1.001f;

    private static void DropBelow(Span<float> weights, float floor)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var floors = new Vector<float>(floor);
        foreach (ref var vector in vectors)
            vector = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(vector, floors), vector, Vector<float>.Zero);
        foreach (ref var weight in weights[(vectors.Length * Vector<float>.Count)..])
        {
            if (weight < floor)
                weight = 0;
        }
    }

    /// <summary>
    /// Sets all weights to 0 but the fewest of the largest that meet both parts of <paramref name="quota"/>; of equal ones the first stay.
    /// </summary>
    /// <param name="weights">From 0 to 1, give or take a rounding error.</param>
    /// <param name="quota">What must be kept: so many, and so much in sum.</param>
    /// <param name="known">A weight above 0 that is known to be low enough: where to start from.</param>
    public static void KeepMost(Span<float> weights, WeightTally quota, float known)
    {
        // At or above "low" is enough, at or above "high" is not.
        var low = BitConverter.SingleToInt32Bits(known);
        var high = BitConverter.SingleToInt32Bits(AboveAll);
        var atLow = WeightTally.AtLeast(weights, known);
        var atHigh = default(WeightTally);
        if (!Meets(atLow, quota))
            return;

        while (high - low > 1 && atLow.Count - atHigh.Count > Few)
        {
            var middle = low + ((high - low) / 2);
            var tally = WeightTally.AtLeast(weights, BitConverter.Int32BitsToSingle(middle));
            if (Meets(tally, quota))
                (low, atLow) = (middle, tally);
            else
                (high, atHigh) = (middle, tally);
        }

        var floor = BitConverter.Int32BitsToSingle(low);
        var (threshold, equal) = high - low == 1
            ? (floor, EqualNeeded(floor, atLow.Count - atHigh.Count, atHigh, quota))
            : Threshold(weights, floor, BitConverter.Int32BitsToSingle(high), atHigh, quota);
        DropBelow(weights, threshold);
        if (equal < int.MaxValue)
            DropEqual(weights, threshold, equal);
    }

    private static bool Meets(WeightTally tally, WeightTally quota) => tally.Count >= quota.Count && tally.Mass >= quota.Mass;

    /// <summary>The smallest weight to keep, and the most to keep of its size, once few are left to choose from.</summary>
    private static (float Threshold, int Equal) Threshold(
        ReadOnlySpan<float> weights, float floor, float ceiling, WeightTally kept, WeightTally quota)
    {
        Span<float> between = stackalloc float[Few];
        between = between[..Gather(weights, floor, ceiling, between)];
        between.Sort();
        var equal = 0;
        for (var index = between.Length - 1; index >= 0; index--)
        {
            equal = index + 1 < between.Length && between[index] == between[index + 1] ? equal + 1 : 1;
            kept = new WeightTally(kept.Mass + between[index], kept.Count + 1);
            if (Meets(kept, quota))
                return (between[index], index > 0 && between[index - 1] == between[index] ? equal : int.MaxValue);
        }

        // Added up in another order the sum may miss the quota by a rounding error: then all of them stay.
        return (floor, int.MaxValue);
    }

    private static int Gather(ReadOnlySpan<float> weights, float floor, float ceiling, Span<float> between)
    {
        var count = 0;
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var floors = new Vector<float>(floor);
        for (var index = 0; index < vectors.Length; index++)
        {
            if (Vector.GreaterThanOrEqualAny(vectors[index], floors))
                GatherFrom(weights.Slice(index * Vector<float>.Count, Vector<float>.Count), floor, ceiling, between, ref count);
        }

        GatherFrom(weights[(vectors.Length * Vector<float>.Count)..], floor, ceiling, between, ref count);
        return count;
    }

    private static void GatherFrom(ReadOnlySpan<float> weights, float floor, float ceiling, Span<float> between, ref int count)
    {
        foreach (var weight in weights)
        {
            if (weight >= floor && weight < ceiling)
                between[count++] = weight;
        }
    }

    /// <summary>How many of <paramref name="count"/> weights that are all the same are needed.</summary>
    private static int EqualNeeded(float weight, int count, WeightTally kept, WeightTally quota)
    {
        var forMass = (int)Math.Min(count, Math.Ceiling((quota.Mass - kept.Mass) / weight));
        return Math.Clamp(Math.Max(forMass, quota.Count - kept.Count), 1, count);
    }

    private static void DropEqual(Span<float> weights, float threshold, int keep)
    {
        for (var index = 0; index < weights.Length;)
        {
            var next = weights[index..].IndexOf(threshold);
            if (next < 0)
                return;
            index += next;
            if (--keep < 0)
                weights[index] = 0;
            index++;
        }
    }
}
