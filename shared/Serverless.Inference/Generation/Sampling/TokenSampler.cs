using System.Numerics.Tensors;
using Serverless.Inference.Generation.Constraints;

namespace Serverless.Inference.Generation.Sampling;

/// <summary>Chooses the tokens of one continuation. Belongs to the generation loop's thread.</summary>
internal sealed class TokenSampler
{
    private readonly ConstraintState? _constraint;

    /// <param name="options">The rules.</param>
    /// <param name="prompt">The prompt, for the repetition penalty.</param>
    /// <param name="choice">Which continuation: each draws on its own.</param>
    /// <param name="seed">What the draws come from: <see cref="SamplingOptions.Seed"/>, or one drawn for the request.</param>
    /// <param name="constraint">What the text must match; null leaves it free.</param>
#pragma warning disable IDE0060
    public TokenSampler(SamplingOptions options, IReadOnlyList<int> prompt, int choice, long seed, ConstraintState? constraint)
#pragma warning restore IDE0060
    {
        _constraint = constraint;
    }

    /// <summary>The next token. The draw depends on seed, choice and how many tokens were chosen before, on nothing else.</summary>
    /// <param name="logits">Of the whole vocabulary; scribbled over.</param>
    /// <param name="top">How many alternatives to tell; null tells no probability at all (and spares the cost).</param>
    /// <param name="logprob">The probability told, or null. Its bytes are left empty.</param>
    public int Next(Span<float> logits, int? top, out TokenLogprob? logprob)
    {
        logprob = null;
        _constraint?.Mask(logits);
        var token = TensorPrimitives.IndexOfMax((ReadOnlySpan<float>)logits);
        _constraint?.Accept(token);
        return token;
    }
}
