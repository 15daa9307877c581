using Serverless.Contracts.Errors;
using Serverless.Inference.Generation;
using Serverless.Worker.Generation.Answers;
using Serverless.Worker.Json;

namespace Serverless.Worker.Generation.Chat;

/// <summary>A request to <c>/v1/chat/completions</c>, against a model.</summary>
internal sealed class ChatCall(ChatDraft draft) : GenerationCall(draft)
{
    protected override GenerationOperation Operation => GenerationOperation.Chat;

    /// <exception cref="InferenceException">The model has no chat template, or its template refuses the conversation.</exception>
    public override IReadOnlyList<GenerationRequest> RequestsFor(TextGenerator generator)
    {
        if (!generator.HasChatTemplate)
            throw JsonValues.Invalid($"Model '{draft.Model}' has no chat template; use /v1/completions.", "model");
        var prompt = generator.EncodeChat(draft.Messages!.Value, draft.MayCallTools ? draft.Tools : null);
        return [RequestFor(prompt, generator) with { Logprobs = draft.Logprobs ? draft.TopLogprobs ?? 0 : null }];
    }

    public override GenerationAnswer AnswerFrom(AnswerSource source) => new ChatAnswer(
        AnswerHead.Create("chatcmpl-", draft.Stream ? "chat.completion.chunk" : "chat.completion", draft.Model!, source), draft);
}
