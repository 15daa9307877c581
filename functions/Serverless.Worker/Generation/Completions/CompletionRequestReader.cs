using Serverless.Contracts.Errors;
using Serverless.Worker.Generation.Parameters;
using Serverless.Worker.Json;

namespace Serverless.Worker.Generation.Completions;

/// <summary>Reads a request to <c>/v1/completions</c>.</summary>
internal static class CompletionRequestReader
{
    // What OpenAI gives to a request that does not say.
    private const int DefaultMaxTokens = 16;
    private const int MaxLogprobs = 5;
    private const int MaxBestOf = 20;

    private static readonly ParameterTable<CompletionDraft> Parameters = new(
        new Dictionary<string, ParameterReader<CompletionDraft>>(OpenAiParameters.Create<CompletionDraft>())
        {
            ["prompt"] = static (ref reader, name, draft) => draft.Prompts = PromptReader.Read(ref reader, name),
            ["echo"] = static (ref reader, name, draft) => draft.Echo = JsonNumbers.Boolean(ref reader, name),
            ["logprobs"] = static (ref reader, name, draft) => draft.Logprobs = JsonNumbers.Whole(ref reader, name, 0, MaxLogprobs),
            ["best_of"] = static (ref reader, name, draft) => draft.BestOf = JsonNumbers.Whole(ref reader, name, 0, MaxBestOf),
        },
        OpenAiParameters.Ignored,
        new Dictionary<string, string> { ["suffix"] = "texts are continued, not filled in" });

    /// <exception cref="InferenceException">It is not valid JSON, or breaks a rule of the API.</exception>
    public static CompletionDraft Read(ReadOnlySpan<byte> body)
    {
        var draft = new CompletionDraft { MaxTokens = DefaultMaxTokens };
        JsonBodies.Read(body, draft, Parameters.Read);
        OpenAiParameters.ModelOf(draft);
        var prompts = draft.Prompts ?? throw JsonValues.Invalid("prompt is missing.", "prompt");
        if (prompts.Count * draft.Choices > SharedParameters.MaxChoices)
        {
            throw JsonValues.Invalid(
                $"{prompts.Count} prompts with n = {draft.Choices} are more than {SharedParameters.MaxChoices} texts.", "n");
        }

        if (draft.BestOf > draft.Choices)
            throw JsonValues.Invalid($"best_of = {draft.BestOf} is not supported: it may be at most n, which is {draft.Choices}.", "best_of");
        if (draft is { Echo: true, Logprobs: not null })
            throw JsonValues.Invalid("echo with logprobs is not supported: log probabilities of prompts are not computed.", "echo");
        return draft;
    }
}
