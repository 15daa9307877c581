namespace Serverless.GenAiBaseline;

/// <summary>What is to be run.</summary>
internal sealed record BaselineCommand
{
    /// <summary>The tokens that follow <see cref="Prompt"/>, always the most likely one.</summary>
    public const string Greedy = "greedy";

    /// <summary>How fast tokens come for <see cref="Batch"/> prompts of <see cref="Context"/> tokens.</summary>
    public const string Speed = "speed";

    public required string Kind { get; init; }

    public int[] Prompt { get; init; } = [];

    public int Batch { get; init; } = 1;

    public int Context { get; init; }

    /// <summary>Tokens to generate for each prompt.</summary>
    public required int Tokens { get; init; }
}
