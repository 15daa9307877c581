using System.Text.Json;

namespace Serverless.Inference.Generation.Text.Tokenization;

/// <summary>
/// Lets only those normalisers and pre-tokenizers through that are known to work: a broken one makes the native library end the process,
/// not fail.
/// </summary>
internal static class ComponentCheck
{
    private const int MaxDepth = 8;

    private static readonly string[] Normalizers =
        ["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Strip", "StripAccents", "Prepend", "Replace", "ByteLevel", "Sequence"];

    private static readonly string[] PreTokenizers =
        ["ByteLevel", "Metaspace", "Split", "Digits", "Punctuation", "Whitespace", "WhitespaceSplit", "Sequence"];

    /// <exception cref="InvalidDataException">A part is not one of those known.</exception>
    public static void Check(JsonElement root)
    {
        Check(root, "normalizer", "normalizers", Normalizers);
        Check(root, "pre_tokenizer", "pretokenizers", PreTokenizers);
    }

    private static void Check(JsonElement root, string name, string list, string[] known)
    {
        if (root.TryGetProperty(name, out var part) && part.ValueKind != JsonValueKind.Null)
            Check(part, name, list, known, depth: 0);
    }

    private static void Check(JsonElement part, string name, string list, string[] known, int depth)
    {
        var type = TokenizerJson.TypeOf(part);
        if (!known.Contains(type))
            throw new InvalidDataException($"its {name} '{type}' is not supported; supported are {string.Join(", ", known)}");
        if (depth > MaxDepth)
            throw new InvalidDataException($"its {name} is nested more than {MaxDepth} deep");
        if (type is "Replace" or "Split" && !HasPattern(part))
            throw new InvalidDataException($"its {name} '{type}' has no pattern");
        if (type == "Sequence")
            TokenizerJson.List(part, list).ForEach(inner => Check(inner, name, list, known, depth + 1));
    }

    private static bool HasPattern(JsonElement part) =>
        TokenizerJson.Part(part, "pattern") is { } pattern
        && (TokenizerJson.Text(pattern, "String") ?? TokenizerJson.Text(pattern, "Regex")) is { Length: > 0 };
}
