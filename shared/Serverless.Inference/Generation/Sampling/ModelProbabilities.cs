using System.Numerics.Tensors;

namespace Serverless.Inference.Generation.Sampling;

/// <summary>Log probabilities of the model's own distribution, from its logits as they came.</summary>
internal static class ModelProbabilities
{
    private const int Block = 1024;

    /// <summary>The log probability of <paramref name="token"/> with those of the <paramref name="top"/> most likely tokens.</summary>
    /// <param name="logits">Before any rule; NaN in them is replaced.</param>
    /// <param name="token">The token chosen.</param>
    /// <param name="top">How many alternatives; impossible ones are left out.</param>
    public static TokenLogprob Tell(Span<float> logits, int token, int top)
    {
        var normaliser = UsableLogits.Largest(logits);
        normaliser += (float)Math.Log(SumOfExponentials(logits, normaliser));

        var ids = MostLikely(logits, Math.Clamp(top, 0, logits.Length));
        var alternatives = new TokenLogprob[ids.Length];
        for (var index = 0; index < alternatives.Length; index++)
            alternatives[index] = Of(ids[index], logits[ids[index]], normaliser, []);
        return Of(token, logits[token], normaliser, alternatives);
    }

    private static TokenLogprob Of(int token, float logit, float normaliser, IReadOnlyList<TokenLogprob> top) =>
        new(token, Math.Min(0, logit - normaliser), ReadOnlyMemory<byte>.Empty, top);

    private static double SumOfExponentials(ReadOnlySpan<float> logits, float largest)
    {
        Span<float> scratch = stackalloc float[Block];
        double sum = 0;
        for (var start = 0; start < logits.Length; start += Block)
        {
            var block = scratch[..Math.Min(Block, logits.Length - start)];
            TensorPrimitives.Subtract(logits.Slice(start, block.Length), largest, block);
            TensorPrimitives.Exp<float>(block, block);
            sum += WeightTally.AtLeast(block, 0).Mass;
        }

        return sum;
    }

    /// <summary>Ids of the largest logits, largest first, of equal ones the lower id first.</summary>
    private static int[] MostLikely(ReadOnlySpan<float> logits, int count)
    {
        if (count == 0)
            return [];
        var best = new List<int>(count + 1);
        var floor = float.NegativeInfinity;
        for (var start = 0; start < logits.Length; start += Block)
        {
            var block = logits.Slice(start, Math.Min(Block, logits.Length - start));
            if (TensorPrimitives.Max(block) <= floor)
                continue;
            for (var index = 0; index < block.Length; index++)
            {
                if (block[index] > floor)
                    floor = Insert(best, logits, start + index, count);
            }
        }

        return [.. best];
    }

    /// <summary>Puts a token at its place among the best; the logit that the next one must exceed.</summary>
    private static float Insert(List<int> best, ReadOnlySpan<float> logits, int token, int count)
    {
        var place = best.Count;
        while (place > 0 && logits[best[place - 1]] < logits[token])
            place--;
        best.Insert(place, token);
        if (best.Count > count)
            best.RemoveAt(count);
        return best.Count < count ? float.NegativeInfinity : logits[best[^1]];
    }
}
