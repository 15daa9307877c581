using System.Text.Json;
using Serverless.Worker.Json;

namespace Serverless.Worker.Generation.Parameters;

/// <summary>What both of OpenAI's endpoints for text take.</summary>
internal static class OpenAiParameters
{
    /// <summary>Names that are documented and change nothing here.</summary>
    public static IReadOnlyList<string> Ignored { get; } =
    [
        "user", "metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "parallel_tool_calls",
    ];

    /// <summary>The common parameters, to which an endpoint adds its own.</summary>
    public static Dictionary<string, ParameterReader<T>> Create<T>()
        where T : GenerationDraft => new()
        {
            ["model"] = static (ref reader, name, draft) => draft.Model = JsonValues.String(ref reader, name),
            ["n"] = static (ref reader, name, draft) =>
                draft.Choices = JsonNumbers.Whole(ref reader, name, 1, SharedParameters.MaxChoices),
            ["response_format"] = static (ref reader, _, draft) => draft.Format = ResponseFormat.Read(ref reader),
            ["stream"] = static (ref reader, name, draft) => draft.Stream = JsonNumbers.Boolean(ref reader, name),
            ["stream_options"] = static (ref reader, name, draft) => draft.IncludeUsage = ReadIncludeUsage(ref reader, name),
        };

    /// <summary>The model's name, which every request must have.</summary>
    public static string ModelOf(GenerationDraft draft) => draft.Model ?? throw JsonValues.Invalid("model is missing.", "model");

    private static bool ReadIncludeUsage(ref Utf8JsonReader reader, string name)
    {
        JsonValues.Expect(ref reader, JsonTokenType.StartObject, name);
        var includes = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var option = JsonValues.PropertyName(ref reader);
            reader.Read();
            if (option is not ("include_usage" or "include_obfuscation"))
                throw JsonValues.Invalid($"{name} takes include_usage, and ignores include_obfuscation; nothing else.", name);
            if (reader.TokenType == JsonTokenType.Null)
                continue;
            var value = JsonNumbers.Boolean(ref reader, $"{name}.{option}");
            includes = option == "include_usage" ? value : includes;
        }

        return includes;
    }
}
