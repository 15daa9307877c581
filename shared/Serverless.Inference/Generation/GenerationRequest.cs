using Serverless.Inference.Generation.Constraints;
using Serverless.Inference.Generation.Sampling;

namespace Serverless.Inference.Generation;

/// <summary>What a text generator is asked to continue, and how.</summary>
public sealed record GenerationRequest
{
    /// <summary>Token ids of the prompt. An empty one starts from the model's own first token.</summary>
    public required IReadOnlyList<int> Prompt { get; init; }

    /// <summary>What kind of text it is, for telemetry; <see cref="GenerationOperation.TextCompletion"/> unless set.</summary>
    public GenerationOperation Operation { get; init; }

    /// <summary>How many continuations of the one prompt are wanted; 1 to 128, 1 unless set.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>The most tokens of each continuation; null for as many as the model's context has room for. 0 generates nothing.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>How the next token is chosen.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Texts that end a continuation and are never part of it.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>
    /// How many alternatives are told beside each token with its log probability; null tells neither. 0 tells the token's own alone.
    /// </summary>
    public int? Logprobs { get; init; }

    /// <summary>Whether to go on after the model's end token: for benchmarks.</summary>
    public bool IgnoreEos { get; init; }

    /// <summary>What the text must match; null leaves it free.</summary>
    public TokenConstraint? Constraint { get; init; }
}
