using System.Text.Json;

namespace Serverless.Inference.Generation.Text.Tokenization;

/// <summary>Reads the vocabulary of a <c>tokenizer.json</c>'s <c>model</c>.</summary>
internal static class VocabularyReader
{
    /// <summary>The most token ids; the largest vocabularies in use have about 260,000.</summary>
    public const int MaxTokens = 1 << 20;

    /// <summary>Ids by token.</summary>
    /// <exception cref="InvalidDataException">The model is of another kind, or its vocabulary is broken.</exception>
    public static Dictionary<string, int> Read(JsonElement root)
    {
        var model = TokenizerJson.Part(root, "model") ?? throw new InvalidDataException("it has no model");
        var type = KindOf(model);
        var vocabulary = model.TryGetProperty("vocab", out var found) ? found : default;
        return (type, vocabulary.ValueKind) switch
        {
            ("BPE", JsonValueKind.Object) => CheckBpe(model, ByName(vocabulary)),
            ("Unigram", JsonValueKind.Array) => ByPlace(vocabulary),
            ("BPE" or "Unigram", _) => throw new InvalidDataException($"its {type} model has no vocabulary"),
            _ => throw new InvalidDataException($"its model '{type}' is not supported; supported are BPE and Unigram"),
        };
    }

    /// <summary>The model's kind; files of the first versions have merges and no kind.</summary>
    public static string KindOf(JsonElement model)
    {
        var type = TokenizerJson.TypeOf(model);
        return type.Length == 0 && model.TryGetProperty("merges", out _) ? "BPE" : type;
    }

    private static Dictionary<string, int> CheckBpe(JsonElement model, Dictionary<string, int> vocabulary)
    {
        foreach (var field in (string[])["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (!string.IsNullOrEmpty(TokenizerJson.Text(model, field)))
                throw new InvalidDataException($"its model has a {field}, which is not supported");
        }

        return TokenizerJson.Text(model, "unk_token") is { Length: > 0 } unknown && !vocabulary.ContainsKey(unknown)
            ? throw new InvalidDataException($"its unk_token '{unknown}' is not in the vocabulary")
            : vocabulary;
    }

    private static Dictionary<string, int> ByName(JsonElement vocabulary)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var seen = new HashSet<int>();
        foreach (var entry in vocabulary.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out var id) || id is < 0 or >= MaxTokens)
                throw new InvalidDataException($"token '{entry.Name}' has no id from 0 to {MaxTokens - 1}");
            if (!seen.Add(id) || !ids.TryAdd(entry.Name, id))
                throw new InvalidDataException($"token '{entry.Name}' or its id {id} is there twice");
        }

        return ids;
    }

    private static Dictionary<string, int> ByPlace(JsonElement vocabulary)
    {
        if (vocabulary.GetArrayLength() > MaxTokens)
            throw new InvalidDataException($"its vocabulary has more than {MaxTokens} tokens");
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in vocabulary.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() != 2 || entry[0].ValueKind != JsonValueKind.String
                || entry[0].ValueEquals(string.Empty))
                throw new InvalidDataException($"entry {ids.Count} of its vocabulary is no pair of token and score");
            if (!ids.TryAdd(entry[0].GetString()!, ids.Count))
                throw new InvalidDataException($"token '{entry[0].GetString()}' is there twice");
        }

        return ids;
    }
}
