using System.Buffers;
using Serverless.Inference.Generation.Constraints;

namespace Serverless.Inference.Generation.Sampling;

/// <summary>
/// Chooses the tokens of one continuation: logit bias, the penalties, the constraint's mask, temperature, min-p, top-k, top-p, then a
/// draw. Used by one thread at a time; allocates nothing unless probabilities are asked for or a token is new to it.
/// </summary>
internal sealed class TokenSampler
{
    private readonly SamplingOptions _options;
    private readonly TokenAdjustments _adjustments;
    private readonly int _choice;
    private readonly long _seed;
    private readonly ConstraintState? _constraint;
    private int _position;

    /// <param name="options">The rules, checked before (<see cref="SamplingOptions.Check"/>).</param>
    /// <param name="prompt">The prompt, for the repetition penalty.</param>
    /// <param name="choice">Which continuation: each draws on its own.</param>
    /// <param name="seed">What the draws come from: <see cref="SamplingOptions.Seed"/>, or one drawn for the request.</param>
    /// <param name="constraint">What the text must match; null leaves it free.</param>
    public TokenSampler(SamplingOptions options, IReadOnlyList<int> prompt, int choice, long seed, ConstraintState? constraint)
    {
        _options = options;
        _adjustments = new TokenAdjustments(options, prompt);
        _choice = choice;
        _seed = seed;
        _constraint = constraint;
    }

    /// <summary>The next token. The draw depends on seed, choice and how many tokens were chosen before, on nothing else.</summary>
    /// <param name="logits">Of the whole vocabulary; scribbled over.</param>
    /// <param name="top">How many alternatives to tell; null tells no probability at all (and spares the cost).</param>
    /// <param name="logprob">The probability told, or null. Its bytes are left empty.</param>
    /// <exception cref="Serverless.Contracts.Errors.InferenceException">The logits leave no token possible.</exception>
    public int Next(Span<float> logits, int? top, out TokenLogprob? logprob)
    {
        logprob = null;
        if (top is not { } alternatives)
            return Next(logits);

        var buffer = ArrayPool<float>.Shared.Rent(logits.Length);
        try
        {
            var asTheyCame = buffer.AsSpan(0, logits.Length);
            logits.CopyTo(asTheyCame);
            var token = Next(logits);
            logprob = ModelProbabilities.Tell(asTheyCame, token, alternatives);
            return token;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    private int Next(Span<float> logits)
    {
        _adjustments.Apply(logits);
        _constraint?.Mask(logits);
        var token = _options.Temperature == 0 ? UsableLogits.IndexOfLargest(logits) : Draw(logits);
        _position++;
        _adjustments.Add(token);
        _constraint?.Accept(token);
        return token;
    }

    private int Draw(Span<float> logits)
    {
        var mass = TokenWeights.FromLogits(logits, UsableLogits.Largest(logits), _options.Temperature);
        var share = Philox.Uniform(_seed, _choice, _position);
        return _options.LeavesTokensOut
            ? Shortlist.Draw(logits, mass, _options, share)
            : TokenWeights.Draw(logits, mass, share);
    }
}
