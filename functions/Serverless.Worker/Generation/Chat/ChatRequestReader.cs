using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Worker.Generation.Parameters;
using Serverless.Worker.Json;

namespace Serverless.Worker.Generation.Chat;

/// <summary>Reads a request to <c>/v1/chat/completions</c>.</summary>
internal static class ChatRequestReader
{
    private const int MaxTopLogprobs = 20;

    private static readonly ParameterTable<ChatDraft> Parameters = new(
        new Dictionary<string, ParameterReader<ChatDraft>>(OpenAiParameters.Create<ChatDraft>())
        {
            ["messages"] = static (ref reader, name, draft) => draft.Messages = ChatMessages.Read(ref reader, name),
            ["max_completion_tokens"] = static (ref reader, name, draft) =>
                draft.MaxCompletionTokens = JsonNumbers.Whole(ref reader, name, 0, int.MaxValue),
            ["logprobs"] = static (ref reader, name, draft) => draft.Logprobs = JsonNumbers.Boolean(ref reader, name),
            ["top_logprobs"] = static (ref reader, name, draft) => draft.TopLogprobs = JsonNumbers.Whole(ref reader, name, 0, MaxTopLogprobs),
            ["tools"] = static (ref reader, name, draft) => draft.Tools = ChatTools.Read(ref reader, name),
            ["tool_choice"] = static (ref reader, name, draft) => draft.MayCallTools = ReadToolChoice(ref reader, name),
            ["modalities"] = static (ref reader, name, _) => CheckModalities(ref reader, name),
        },
        [.. OpenAiParameters.Ignored, "reasoning_effort", "verbosity", "prediction"],
        new Dictionary<string, string>
        {
            ["audio"] = "answers are text",
            ["web_search_options"] = "nothing is searched",
            ["functions"] = "use tools",
            ["function_call"] = "use tool_choice",
        });

    /// <exception cref="InferenceException">It is not valid JSON, or breaks a rule of the API.</exception>
    public static ChatDraft Read(ReadOnlySpan<byte> body)
    {
        var draft = new ChatDraft();
        JsonBodies.Read(body, draft, Parameters.Read);
        OpenAiParameters.ModelOf(draft);
        if (draft.Messages is null)
            throw JsonValues.Invalid("messages is missing.", "messages");
        if (draft is { TopLogprobs: not null, Logprobs: false })
            throw JsonValues.Invalid("top_logprobs needs logprobs to be true.", "top_logprobs");
        draft.MaxTokens = draft.MaxCompletionTokens ?? draft.MaxTokens;
        return draft;
    }

    private static bool ReadToolChoice(ref Utf8JsonReader reader, string name) =>
        (reader.TokenType == JsonTokenType.String ? JsonValues.String(ref reader, name) : null) switch
        {
            "auto" => true,
            "none" => false,
            _ => throw JsonValues.Invalid($"{name} must be auto or none: the model is told of tools, but cannot be made to call one.", name),
        };

    private static void CheckModalities(ref Utf8JsonReader reader, string name)
    {
        JsonValues.Expect(ref reader, JsonTokenType.StartArray, name);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (JsonValues.String(ref reader, name) != "text")
                throw JsonValues.Invalid($"{name} may hold text alone.", name);
        }
    }
}
