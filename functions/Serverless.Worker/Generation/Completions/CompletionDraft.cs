using Serverless.Worker.Generation.Parameters;

namespace Serverless.Worker.Generation.Completions;

/// <summary>A request to <c>/v1/completions</c>.</summary>
internal sealed class CompletionDraft : GenerationDraft
{
    /// <summary>What to continue.</summary>
    public IReadOnlyList<CompletionPrompt>? Prompts { get; set; }

    /// <summary>Whether the answer starts with the prompt.</summary>
    public bool Echo { get; set; }

    /// <summary>How many alternatives are told beside each token's log probability; null tells neither.</summary>
    public int? Logprobs { get; set; }

    /// <summary>From how many texts the best are taken; only as many as are asked for, here.</summary>
    public int? BestOf { get; set; }
}
