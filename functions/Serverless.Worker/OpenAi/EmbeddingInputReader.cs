using System.Text.Json;
using Serverless.Inference.Embeddings;
using Serverless.Worker.Json;

namespace Serverless.Worker.OpenAi;

/// <summary>Reads <c>input</c>: a text, texts, the token ids of one, or those of several.</summary>
internal static class EmbeddingInputReader
{
    private const int MaxInputs = 2048;

    // No embedder takes more; the exact limit is the model's.
    private const int MaxTokens = 65536;

    public static IReadOnlyList<EmbeddingInput> Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
            return [new EmbeddingInput(JsonValues.String(ref reader, "input"), null, "input")];
        if (reader.TokenType != JsonTokenType.StartArray)
            throw JsonValues.Invalid($"input must be a string or an array, not {JsonValues.Describe(reader.TokenType)}.", "input");
        var first = reader;
        first.Read();
        return first.TokenType == JsonTokenType.Number
            ? [new EmbeddingInput(null, Tokens(ref reader, "input"), "input")]
            : ReadMany(ref reader);
    }

    private static List<EmbeddingInput> ReadMany(ref Utf8JsonReader reader)
    {
        var inputs = new List<EmbeddingInput>();
        JsonTokenType? kind = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (inputs.Count == MaxInputs)
                throw JsonValues.Invalid($"input has more than {MaxInputs} items.", "input");
            var where = $"input[{inputs.Count}]";
            var found = reader.TokenType;
            if (found is not (JsonTokenType.String or JsonTokenType.StartArray) || (kind is not null && kind != found))
            {
                throw JsonValues.Invalid(
                    $"{where} is {JsonValues.Describe(found)}; input holds only strings, or only arrays of token ids.", "input");
            }

            kind = found;
            inputs.Add(kind == JsonTokenType.String
                ? new EmbeddingInput(JsonValues.String(ref reader, where), null, where)
                : new EmbeddingInput(null, Tokens(ref reader, where), where));
        }

        return inputs.Count > 0 ? inputs : throw JsonValues.Invalid("input is an empty array; nothing can be embedded.", "input");
    }

    private static long[] Tokens(ref Utf8JsonReader reader, string where)
    {
        var tokens = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var token))
                throw JsonValues.Invalid($"{where}[{tokens.Count}] is not a token id (a whole number).", "input");
            if (tokens.Count == MaxTokens)
                throw JsonValues.Invalid($"{where} has more than {MaxTokens} tokens.", "input");
            tokens.Add(token);
        }

        return [.. tokens];
    }
}
