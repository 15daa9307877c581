using System.Numerics.Tensors;
using TinyLm.Network;
using TinyLm.Numerics;
using TinyLm.Tokens;

namespace TinyLm.Sampling;

/// <summary>Continues tokens with a decoder; plainly, by running it over everything so far for each token.</summary>
internal sealed class TextSampler(DecoderWeights weights)
{
    private readonly DecoderRun _run = new(weights.Shape, weights.Shape.Context, weights.Shape.Context);

    /// <param name="prompt">What to continue; none starts a new text.</param>
    /// <param name="most">The most tokens.</param>
    /// <param name="temperature">Below 1 prefers likely tokens; 0 takes the likeliest.</param>
    /// <param name="seed">The same gives the same text.</param>
    /// <returns>What follows, up to where the model ends it.</returns>
    public IEnumerable<int> Continue(IReadOnlyList<int> prompt, int most, float temperature, int seed)
    {
        var noise = new Noise(seed);
        List<int> tokens = [.. prompt.Count > 0 ? prompt : [SpecialTokens.EndOfText]];
        for (; most > 0 && tokens.Count < weights.Shape.Context; most--)
        {
            var next = Next(tokens, temperature, noise);
            if (next is SpecialTokens.EndOfText or SpecialTokens.TurnEnd)
                yield break;
            tokens.Add(next);
            yield return next;
        }
    }

    private int Next(List<int> tokens, float temperature, Noise noise)
    {
        var logits = _run.Forward(weights, tokens.ToArray(), tokens.Count).Row(tokens.Count - 1);
        if (temperature <= 0)
            return TensorPrimitives.IndexOfMax<float>(logits);
        TensorPrimitives.Divide(logits, temperature, logits);
        TensorPrimitives.SoftMax<float>(logits, logits);
        var left = noise.Uniform();
        for (var token = 0; token < logits.Length; token++)
        {
            left -= logits[token];
            if (left < 0)
                return token;
        }

        return TensorPrimitives.IndexOfMax<float>(logits);
    }
}
