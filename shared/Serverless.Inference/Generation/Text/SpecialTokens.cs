using System.Text.Json;

namespace Serverless.Inference.Generation.Text;

/// <summary>What <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c> say about special tokens.</summary>
/// <param name="Named">The tokens with a role, such as <c>eos_token</c>, by it.</param>
/// <param name="All">Those, and all others that are called special.</param>
internal sealed record SpecialTokens(IReadOnlyDictionary<string, string> Named, IReadOnlySet<string> All)
{
    private static readonly string[] Roles =
        ["bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token", "mask_token"];

    /// <exception cref="InvalidDataException">A file is broken; the message names it.</exception>
    public static SpecialTokens Read(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        var named = new Dictionary<string, string>(StringComparer.Ordinal);
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in (string[])["special_tokens_map.json", "tokenizer_config.json"])
        {
            if (files.TryGetValue(path, out var utf8))
                all.UnionWith(JsonFile.Read(path, utf8, root => Read(root, named)));
        }

        all.UnionWith(named.Values);
        return new SpecialTokens(named, all);
    }

    private static string[] Read(JsonElement root, Dictionary<string, string> named)
    {
        foreach (var role in Roles)
        {
            if (root.TryGetProperty(role, out var token) && ContentOf(token) is { Length: > 0 } content)
                named[role] = content;
        }

        return [.. Additional(root)];
    }

    private static IEnumerable<string> Additional(JsonElement root)
    {
        if (root.TryGetProperty("additional_special_tokens", out var list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (var token in list.EnumerateArray())
                yield return ContentOf(token) ?? string.Empty;
        }

        if (!root.TryGetProperty("added_tokens_decoder", out var added) || added.ValueKind != JsonValueKind.Object)
            yield break;
        foreach (var token in added.EnumerateObject().Select(entry => entry.Value))
        {
            if (token.ValueKind == JsonValueKind.Object && token.TryGetProperty("special", out var special)
                && special.ValueKind == JsonValueKind.True)
                yield return ContentOf(token) ?? string.Empty;
        }
    }

    /// <summary>A token is its text, or an object with that as <c>content</c>.</summary>
    private static string? ContentOf(JsonElement token) => token.ValueKind switch
    {
        JsonValueKind.String => token.GetString(),
        JsonValueKind.Object when token.TryGetProperty("content", out var content) => ContentOf(content),
        _ => null,
    };
}
