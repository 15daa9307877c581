using Serverless.Contracts.Errors;
using Serverless.Inference.Generation;
using Serverless.Worker.Generation.Answers;
using Serverless.Worker.Json;

namespace Serverless.Worker.Generation.Completions;

/// <summary>A request to <c>/v1/completions</c>, against a model.</summary>
internal sealed class CompletionCall(CompletionDraft draft) : GenerationCall(draft)
{
    /// <exception cref="InferenceException">A prompt holds a token that the model does not have.</exception>
    public override IReadOnlyList<GenerationRequest> RequestsFor(TextGenerator generator) =>
    [
        .. draft.Prompts!.Select(prompt => RequestFor(TokensOf(prompt, generator), generator) with { Logprobs = draft.Logprobs }),
    ];

    public override GenerationAnswer AnswerFrom(AnswerSource source)
    {
        var echoes = draft.Echo ? draft.Prompts!.Select(prompt => TextOf(prompt, source.Generator)).ToArray() : null;
        return new CompletionAnswer(AnswerHead.Create("cmpl-", "text_completion", draft.Model!, source), draft, echoes);
    }

    private static IReadOnlyList<int> TokensOf(CompletionPrompt prompt, TextGenerator generator)
    {
        if (prompt.Tokens is not { } tokens)
            return generator.Encode(prompt.Text!);
        foreach (var token in tokens)
        {
            if (token >= generator.VocabularySize)
            {
                throw JsonValues.Invalid(
                    $"{prompt.Where} holds token {token}; the model's tokens are 0 to {generator.VocabularySize - 1}.", "prompt");
            }
        }

        return tokens;
    }

    private static string TextOf(CompletionPrompt prompt, TextGenerator generator) => prompt.Text ?? generator.Decode(prompt.Tokens!);
}
