namespace Serverless.Inference.Generation;

/// <summary>What a request took.</summary>
/// <param name="PromptTokens">Tokens of the prompt, counted once however many continuations.</param>
/// <param name="CachedTokens">Those of them whose keys and values were still there from an earlier request.</param>
/// <param name="CompletionTokens">Tokens generated in all continuations, the end token included.</param>
public readonly record struct GenerationUsage(int PromptTokens, int CachedTokens, int CompletionTokens)
{
    /// <summary>Tokens read and generated.</summary>
    public int Tokens => PromptTokens + CompletionTokens;

    /// <summary>The request's share of the time for which the model ran.</summary>
    public TimeSpan Device { get; init; }
}
