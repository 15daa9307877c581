namespace Serverless.Inference.Generation.Text.Tokenization;

/// <summary>How tokens become bytes, from the file's <c>decoder</c>.</summary>
internal sealed record DecodingRules
{
    /// <summary>Whether each character of a token stands for a byte, in GPT-2's alphabet.</summary>
    public bool IsByteLevel { get; init; }

    /// <summary>Whether a token written <c>&lt;0xNN&gt;</c> is that byte.</summary>
    public bool HasByteFallback { get; init; }

    /// <summary>What is replaced in every token, in order.</summary>
    public IReadOnlyList<(string From, string To)> Replacements { get; init; } = [];

    /// <summary>What becomes of a text's first space.</summary>
    public LeadingSpace LeadingSpace { get; init; }
}
