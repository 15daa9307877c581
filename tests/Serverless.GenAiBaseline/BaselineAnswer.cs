namespace Serverless.GenAiBaseline;

/// <summary>What came of a command.</summary>
internal sealed record BaselineAnswer
{
    public IReadOnlyList<int>? Tokens { get; init; }

    /// <summary>Of all prompts together, from the first token generated to the last.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>Until the first token could be chosen, in seconds.</summary>
    public double? Prefill { get; init; }

    public string? Error { get; init; }
}
