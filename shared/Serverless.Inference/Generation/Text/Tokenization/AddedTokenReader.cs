using System.Text.Json;

namespace Serverless.Inference.Generation.Text.Tokenization;

/// <summary>Reads the <c>added_tokens</c> of a <c>tokenizer.json</c>.</summary>
internal static class AddedTokenReader
{
    // The library compares each with all before it.
    private const int MaxAdded = 1 << 14;

    /// <param name="root">The file.</param>
    /// <param name="vocabulary">Ids of the model's own tokens.</param>
    /// <param name="special">Tokens that other files of the package call special.</param>
    /// <exception cref="InvalidDataException">An entry is broken, or its id is not the one that the library would give.</exception>
    public static List<AddedToken> Read(JsonElement root, Dictionary<string, int> vocabulary, IReadOnlySet<string> special)
    {
        var added = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        var entries = TokenizerJson.List(root, "added_tokens");
        if (entries.Count > MaxAdded)
            throw new InvalidDataException($"it has {entries.Count} added tokens; at most {MaxAdded} are supported");
        var next = vocabulary.Count;
        foreach (var entry in entries)
        {
            var content = TokenizerJson.Text(entry, "content");
            if (string.IsNullOrEmpty(content))
                throw new InvalidDataException($"added token {added.Count} has no content");
            // The library numbers them itself, whatever the file says; a file that disagrees was made for other ids.
            var expected = vocabulary.TryGetValue(content, out var own) ? own : next++;
            if (TokenizerJson.Number(entry, "id") != expected || expected >= VocabularyReader.MaxTokens)
                throw new InvalidDataException($"added token '{content}' must have the id {expected}");
            if (!added.TryAdd(content, Token(entry, content, expected, special)))
                throw new InvalidDataException($"added token '{content}' is there twice");
        }

        // A single character is text, whatever else a file uses it for.
        foreach (var name in special.Where(name => name.Length > 1 && !added.ContainsKey(name) && vocabulary.ContainsKey(name)))
            added.Add(name, new AddedToken(vocabulary[name], name, IsSpecial: true, Source: null));
        return [.. added.Values];
    }

    private static AddedToken Token(JsonElement entry, string content, int id, IReadOnlySet<string> special) =>
        new(id, content, TokenizerJson.IsTrue(entry, "special") || (content.Length > 1 && special.Contains(content)), entry);
}
