using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Serverless.Inference.Generation.Sampling;

/// <summary>
/// The few tokens that min-p, top-k and top-p, in this order, can leave, gathered out of the vocabulary in one pass; each rule works on what
/// the one before left. Rules that leave a token out set its weight to 0, so a vocabulary is never sorted.
/// </summary>
internal readonly ref struct Shortlist
{
    private Shortlist(Span<float> weights, Span<int> tokens)
    {
        Weights = weights;
        Tokens = tokens;
    }

    /// <summary>Their weights; 0 for those that are left out after all.</summary>
    public Span<float> Weights { get; }

    /// <summary>The tokens, in the vocabulary's order.</summary>
    public Span<int> Tokens { get; }

    /// <summary>Draws from what the rules leave.</summary>
    /// <param name="weights">Of the whole vocabulary.</param>
    /// <param name="mass">What they add up to.</param>
    /// <param name="options">The rules; at least one of the three is set.</param>
    /// <param name="share">See <see cref="TokenWeights.Draw"/>.</param>
    public static int Draw(ReadOnlySpan<float> weights, double mass, SamplingOptions options, double share)
    {
        var values = ArrayPool<float>.Shared.Rent(weights.Length);
        var tokens = ArrayPool<int>.Shared.Rent(weights.Length);
        try
        {
            var list = Of(weights, mass, options, values, tokens);
            return list.Tokens[TokenWeights.Draw(list.Weights, WeightTally.AtLeast(list.Weights, 0).Mass, share)];
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
            ArrayPool<int>.Shared.Return(tokens);
        }
    }

    /// <summary>What the rules leave, in memory of the vocabulary's size each.</summary>
    public static Shortlist Of(ReadOnlySpan<float> weights, double mass, SamplingOptions options, Span<float> values, Span<int> tokens)
    {
        var least = float.Epsilon;
        if (options.MinP > 0)
        {
            least = Math.Max(least, options.MinP * TensorPrimitives.Max(weights));
            mass = WeightTally.AtLeast(weights, least).Mass;
        }

        var byCount = options.TopK > 0 && options.TopK < weights.Length;
        var floor = byCount ? LikelyFloor.OfMost(weights, options.TopK) : options.TopP < 1 ? LikelyFloor.OfNucleus(weights, mass, options.TopP) : least;
        floor = Math.Max(floor, least);
        var list = Gather(weights, floor, values, tokens);
        if (floor > least && !list.Meets(byCount ? options.TopK : 1, byCount ? 0 : options.TopP * mass))
            list = Gather(weights, floor = byCount ? least : Math.Max(least, LikelyFloor.Surely(mass, options.TopP, weights.Length)), values, tokens);
        if (byCount)
        {
            WeightSelection.KeepMost(list.Weights, new WeightTally(0, options.TopK), floor);
            mass = WeightTally.AtLeast(list.Weights, 0).Mass;
        }

        if (options.TopP < 1)
            WeightSelection.KeepMost(list.Weights, new WeightTally(options.TopP * mass, 1), float.Epsilon);
        return list;
    }

    private bool Meets(int count, double mass) => Weights.Length >= count && WeightTally.AtLeast(Weights, 0).Mass >= mass;

    private static Shortlist Gather(ReadOnlySpan<float> weights, float floor, Span<float> values, Span<int> tokens)
    {
        var count = 0;
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(weights);
        for (var index = 0; index < vectors.Length; index++)
        {
            var reached = Vector256.GreaterThanOrEqual(vectors[index], Vector256.Create(floor)).ExtractMostSignificantBits();
            if (reached == 0)
                continue;
            // What is written behind the last one that reached the floor is written over by the next: never beyond the vocabulary's size.
            var order = LanePacking.Order(reached);
            Vector256.ShuffleNative(vectors[index], order).CopyTo(values[count..]);
            (order + Vector256.Create(index * Vector256<float>.Count)).CopyTo(tokens[count..]);
            count += BitOperations.PopCount(reached);
        }

        for (var token = vectors.Length * Vector256<float>.Count; token < weights.Length; token++)
        {
            if (weights[token] < floor)
                continue;
            values[count] = weights[token];
            tokens[count++] = token;
        }

        return new Shortlist(values[..count], tokens[..count]);
    }
}
