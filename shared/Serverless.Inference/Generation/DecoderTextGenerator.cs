using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Inference.Execution;
using Serverless.Inference.Generation.Constraints;
using Serverless.Inference.Generation.Loop;
using Serverless.Inference.Generation.Memory;
using Serverless.Inference.Generation.Text;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Generation;

/// <summary>A loaded decoder: checks what is asked of it, and hands it to its loop.</summary>
internal sealed class DecoderTextGenerator : TextGenerator, IDisposable
{
    private const int MaxChoices = 128;

    private readonly DecoderRecord _record;
    private readonly PackageText _text;
    private readonly GenerationContext _context;
    private readonly DecoderLimits _limits;
    private readonly IDecoder _decoder;
    private readonly ConstraintCache _constraints;
    private readonly GenerationLoop _loop;

    /// <param name="record">What was found of it when it was pushed.</param>
    /// <param name="text">What its package says about text.</param>
    /// <param name="decoder">Runs it; belongs to the generator from now on.</param>
    /// <param name="context">What the loop needs.</param>
    public DecoderTextGenerator(DecoderRecord record, PackageText text, IDecoder decoder, GenerationContext context)
    {
        (_record, _text, _decoder, _context) = (record, text, decoder, context);
        _limits = context.Options.LimitsOf(record);
        var vocabulary = context.Vocabulary;
        _constraints = new ConstraintCache(vocabulary.Tokenizer, vocabulary.Size, vocabulary.EndTokens);
        var prefixes = new PrefixCache(decoder.Shape, context.Options.PrefixBytesOf(record));
        _loop = new GenerationLoop(context, new RunningGenerations(context, decoder, prefixes));
        Ended = EndAsync();
    }

    public override int ContextLength => _limits.Context;

    public override int VocabularySize => _context.Vocabulary.Size;

    public override bool HasChatTemplate => _text.Chat is not null;

    /// <summary>Completes when its thread has ended and its memory is free.</summary>
    public Task Ended { get; }

    // Of many prompts the first that is too long ends it: tokenizing the others, seconds for a megabyte each, would come to nothing.
    public override IReadOnlyList<int> Encode(string text) => Fitting(_text.Tokenizer.Encode(text, addSpecial: true, special: false));

    public override IReadOnlyList<int> EncodeChat(JsonElement messages, JsonElement? tools) => _text.Chat is { } chat
        ? Fitting(chat.Encode(messages, tools))
        : throw new InferenceException(
            ErrorKind.InvalidRequest, $"Model {_context.Model} has no chat template; use /v1/completions.", "messages");

    public override string Decode(IReadOnlyList<int> tokens) => _text.Tokenizer.Decode(tokens);

    public override TokenConstraint Constrain(JsonElement? schema) => _constraints.Get(schema);

    /// <summary>Refuses at once what would be refused after its body was read.</summary>
    /// <exception cref="InferenceException">The queue is full.</exception>
    public void ThrowIfOverloaded() => _loop.ThrowIfFull();

    public override TextGeneration Start(GenerationRequest request, RunTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        var prompt = Check(request);
        if (terms.Deadline is { } deadline && deadline <= _context.Time.GetTimestamp())
            throw Refuse("expired", new InferenceError(ErrorKind.DeadlineExceeded, "The deadline had passed when the request arrived."));
        var tokens = Math.Min(request.MaxTokens ?? int.MaxValue, _limits.Context - prompt.Length);
        var generation = new DecoderGeneration(
            request, new GenerationTerms(prompt, tokens, terms, cancellationToken), _context.Time);
        if (tokens == 0)
        {
            generation.CompleteEmpty();
            return generation;
        }

        if (!_decoder.Fits(request.Choices, generation.Longest))
            throw TooLarge(request, generation.Longest);
        try
        {
            _loop.Enqueue(generation);
        }
        catch (InferenceException error) when (error.Error.Kind == ErrorKind.Overloaded)
        {
            _context.Meter.Refused("full");
            throw;
        }

        return generation;
    }

    /// <summary>Ends it. What runs or waits fails.</summary>
    public void Dispose() => _loop.Dispose();

    private async Task EndAsync()
    {
        await _loop.Ended;
        (_text.Tokenizer as IDisposable)?.Dispose();
    }

    private int[] Check(GenerationRequest request)
    {
        if (request.Choices is < 1 or > MaxChoices)
            throw Invalid($"A request has 1 to {MaxChoices} continuations, not {request.Choices}.", "n");
        if (request.Choices > _limits.Rows)
            throw Invalid($"{request.Choices} continuations are more than the {_limits.Rows} that this worker runs side by side.", "n");
        if (request.MaxTokens < 0)
            throw Invalid($"The most tokens must be 0 at least, not {request.MaxTokens}.", "max_tokens");
        Fitting(request.Prompt);
        request.Sampling.Check(VocabularySize);
        int[] prompt = request.Prompt.Count > 0 ? [.. request.Prompt] : [FirstToken()];
        var strange = Array.FindIndex(prompt, token => token < 0 || token >= _record.LogitsSize);
        return strange < 0
            ? prompt
            : throw Invalid($"The prompt's token {prompt[strange]} is not one of the model's {_context.Vocabulary.Size}.", "prompt");
    }

    private IReadOnlyList<int> Fitting(IReadOnlyList<int> prompt) => prompt.Count <= _limits.Context
        ? prompt
        : throw Invalid(
            $"The prompt has {prompt.Count} tokens; model {_context.Model} takes {_limits.Context} of prompt and text together.", "prompt");

    private int FirstToken() => _record.BeginToken ?? throw Invalid(
        $"The prompt is empty, and model {_context.Model} names no token to begin from.", "prompt");

    private InferenceException TooLarge(GenerationRequest request, int longest) => Invalid(
        $"{request.Choices} continuation(s) of up to {longest} tokens take {_decoder.Shape.TokenBytes * longest * request.Choices} bytes of keys "
        + $"and values; this worker has {_limits.KvBytes} for them. Ask for fewer tokens.",
        "max_tokens");

    private InferenceException Refuse(string reason, InferenceError error)
    {
        _context.Meter.Refused(reason);
        return new InferenceException(error);
    }

    private static InferenceException Invalid(string message, string param) => new(ErrorKind.InvalidRequest, message, param);
}
