using System.Text.Json;
using Serverless.Worker.Generation.Parameters;
using Serverless.Worker.Json;

namespace Serverless.Worker.Generation.Completions;

/// <summary>Reads <c>prompt</c>: a text, texts, the token ids of one, or those of several.</summary>
internal static class PromptReader
{
    // No decoder takes more; the exact limit is the model's.
    private const int MaxTokens = 1 << 20;

    public static IReadOnlyList<CompletionPrompt> Read(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.String)
            return [new CompletionPrompt(JsonValues.String(ref reader, name), null, name)];
        if (reader.TokenType != JsonTokenType.StartArray)
            throw JsonValues.Invalid($"{name} must be a string or an array, not {JsonValues.Describe(reader.TokenType)}.", name);
        var first = reader;
        first.Read();
        return first.TokenType == JsonTokenType.Number
            ? [new CompletionPrompt(null, Tokens(ref reader, name), name)]
            : ReadMany(ref reader, name);
    }

    private static List<CompletionPrompt> ReadMany(ref Utf8JsonReader reader, string name)
    {
        var prompts = new List<CompletionPrompt>();
        JsonTokenType? kind = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (prompts.Count == SharedParameters.MaxChoices)
                throw JsonValues.Invalid($"{name} has more than {SharedParameters.MaxChoices} items.", name);
            var where = $"{name}[{prompts.Count}]";
            var found = reader.TokenType;
            if (found is not (JsonTokenType.String or JsonTokenType.StartArray) || (kind is not null && kind != found))
            {
                throw JsonValues.Invalid(
                    $"{where} is {JsonValues.Describe(found)}; {name} holds only strings, or only arrays of token ids.", name);
            }

            kind = found;
            prompts.Add(kind == JsonTokenType.String
                ? new CompletionPrompt(JsonValues.String(ref reader, where), null, where)
                : new CompletionPrompt(null, Tokens(ref reader, where), where));
        }

        return prompts.Count > 0 ? prompts : throw JsonValues.Invalid($"{name} is an empty array; there is nothing to continue.", name);
    }

    private static int[] Tokens(ref Utf8JsonReader reader, string where)
    {
        var tokens = new List<int>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var token) || token < 0)
                throw JsonValues.Invalid($"{where}[{tokens.Count}] is not a token id (a whole number from 0 on).", "prompt");
            if (tokens.Count == MaxTokens)
                throw JsonValues.Invalid($"{where} has more than {MaxTokens} tokens.", "prompt");
            tokens.Add(token);
        }

        return [.. tokens];
    }
}
