using System.Runtime.ExceptionServices;
using Serverless.Inference.Generation.Constraints;
using Serverless.Inference.Generation.Memory;
using Serverless.Inference.Generation.Sampling;
using Serverless.Inference.Generation.Text;

namespace Serverless.Inference.Generation.Loop;

/// <summary>One of a request's continuations: chooses its tokens and makes text of them.</summary>
internal sealed class Continuation
{
    private readonly GenerationVocabulary _vocabulary;
    private readonly GenerationRequest _request;
    private readonly ConstraintState? _constraint;
    private readonly TokenSampler _sampler;
    private readonly StreamingText _text;
    private (int Token, TokenLogprob? Logprob, ExceptionDispatchInfo? Error)? _chosen;

    public Continuation(DecoderGeneration owner, int choice, DecoderRow row, long seed, GenerationVocabulary vocabulary)
    {
        (Owner, Choice, Row, _vocabulary, _request) = (owner, choice, row, vocabulary, owner.Request);
        _constraint = _request.Constraint?.Start();
        _sampler = new TokenSampler(_request.Sampling, owner.Prompt, choice, seed, _constraint);
        _text = new StreamingText(vocabulary.Tokenizer, _request.Stop, startsText: vocabulary.Tokenizer.IsSpecial(owner.Prompt[^1]));
    }

    public DecoderGeneration Owner { get; }

    /// <summary>Which of its request's it is.</summary>
    public int Choice { get; }

    public DecoderRow Row { get; }

    /// <summary>Its tokens so far.</summary>
    public List<int> Tokens { get; } = [];

    /// <summary>When it got the last of them.</summary>
    public long LastTokenAt { get; set; }

    /// <summary>How far its text is kept for later prompts.</summary>
    public PrefixEnd? Kept { get; init; }

    /// <summary>Keeps what is computed of its text for prompts that go on from it.</summary>
    public void Keep(PrefixCache prefixes, IDecoder decoder)
    {
        if (prefixes.IsOn)
            prefixes.Store(Owner.Terms.Tenant ?? "", TokensOf(Row.Length), decoder.Locate(Row), Kept);
    }

    /// <summary>
    /// Chooses the token that <see cref="Next"/> is going to take, on any thread: nothing of it is shared with other continuations. What goes
    /// wrong is told by <see cref="Next"/>. A constraint is shared by all of its request's, so such tokens are left to <see cref="Next"/>.
    /// </summary>
    /// <param name="logits">Scribbled over.</param>
    public void ChooseAhead(Span<float> logits)
    {
        if (_constraint is null)
            _chosen = Choose(logits);
    }

    /// <summary>Chooses the next token, which the next step runs on.</summary>
    /// <param name="logits">Scribbled over.</param>
    public ContinuationStep Next(Span<float> logits)
    {
        var (token, logprob, error) = _chosen ?? Choose(logits);
        _chosen = null;
        error?.Throw();
        Row.Token = token;
        Tokens.Add(token);
        Owner.Count();
        if (!_request.IgnoreEos && _vocabulary.EndTokens.Contains(token))
            return new ContinuationStep(_text.Complete(), null, FinishReason.Stop);
        var told = logprob is null ? null : WithBytes(logprob);
        var text = _text.Append(token);
        if (_text.IsStopped)
            return new ContinuationStep(text, told, FinishReason.Stop);
        FinishReason? finish = _constraint is { IsComplete: true } ? FinishReason.Stop
            : Tokens.Count >= Owner.MaxTokens ? FinishReason.Length
            : null;
        return new ContinuationStep(finish is null ? text : text + _text.Complete(), told, finish);
    }

    private (int Token, TokenLogprob? Logprob, ExceptionDispatchInfo? Error) Choose(Span<float> logits)
    {
        try
        {
            return (_sampler.Next(logits[.._vocabulary.Size], _request.Logprobs, out var logprob), logprob, null);
        }
#pragma warning disable CA1031 // Told by whoever takes the token.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return (0, null, ExceptionDispatchInfo.Capture(error));
        }
    }

    private int[] TokensOf(int count) => [.. Owner.Prompt.Concat(Tokens).Take(count)];

    private TokenLogprob WithBytes(TokenLogprob logprob) => logprob with
    {
        Bytes = _vocabulary.Tokenizer.BytesOf(logprob.Token),
        Top = logprob.Top.Count == 0
            ? []
            : [.. logprob.Top.Select(top => top with { Bytes = _vocabulary.Tokenizer.BytesOf(top.Token) })],
    };
}
