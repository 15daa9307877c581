using Serverless.Contracts.Errors;

namespace Serverless.Inference.Generation.Sampling;

/// <summary>How the next token is chosen from the logits. The defaults sample from the model's own distribution.</summary>
public sealed record SamplingOptions
{
    /// <summary>Divides the logits; 0 is greedy (the most likely token, always), 1 unless set; up to 2.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Keeps the smallest set of tokens whose probabilities reach this; above 0, up to 1, 1 (all) unless set.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Keeps the so many most likely tokens; 0 (unless set) keeps all.</summary>
    public int TopK { get; init; }

    /// <summary>Drops tokens less likely than this times the most likely one; 0 to 1, 0 unless set.</summary>
    public float MinP { get; init; }

    /// <summary>
    /// Divides positive and multiplies negative logits of tokens in prompt or text; above 0, up to 10, 1 (nothing) unless set.
    /// </summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>Taken from a token's logit for each time it is in the text generated so far; -2 to 2, 0 unless set.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Taken from a token's logit once if it is in the text generated so far; -2 to 2, 0 unless set.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Added to the logits of tokens by id; -100 to 100 each, at most 1024 tokens.</summary>
    public IReadOnlyDictionary<int, float> LogitBias { get; init; } = new Dictionary<int, float>();

    /// <summary>
    /// Same seed, same prompt, same choice: same text, whoever else is in the batch. Null draws one.
    /// </summary>
    public long? Seed { get; init; }

    /// <summary>Whether min-p, top-k or top-p leaves tokens out of a draw.</summary>
    internal bool LeavesTokensOut => MinP > 0 || TopK > 0 || TopP < 1;

    /// <summary>Refuses values outside of what the properties say.</summary>
    /// <param name="vocabularySize">How many token ids there are; biased tokens must be among them.</param>
    /// <exception cref="InferenceException">
    /// A value is out of range; the message names the request's field, the value and the range.
    /// </exception>
    public void Check(int vocabularySize) => SamplingLimits.Check(this, vocabularySize);
}
