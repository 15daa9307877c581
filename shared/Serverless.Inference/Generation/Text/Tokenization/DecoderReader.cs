using System.Text.Json;

namespace Serverless.Inference.Generation.Text.Tokenization;

/// <summary>
/// Reads the <c>decoder</c> of a <c>tokenizer.json</c>. Only decoders that work token by token are taken: a stream has no second look.
/// </summary>
internal static class DecoderReader
{
    private const string Supported =
        "supported are ByteLevel, Metaspace, and sequences of Replace, ByteFallback, Fuse and Strip of one leading space";

    /// <exception cref="InvalidDataException">The decoder is not supported; the message says which are.</exception>
    public static DecodingRules Read(JsonElement root)
    {
        // ByteLevel and Metaspace are both: old files name them once.
        var decoder = TokenizerJson.Part(root, "decoder") ?? TokenizerJson.Part(root, "pre_tokenizer")
            ?? throw new InvalidDataException($"it has no decoder; {Supported}");
        return Add(new DecodingRules(), decoder, isSequence: false);
    }

    private static DecodingRules Add(DecodingRules rules, JsonElement decoder, bool isSequence) => TokenizerJson.TypeOf(decoder) switch
    {
        "Sequence" when !isSequence => Parts(decoder).Aggregate(rules, (all, part) => Add(all, part, isSequence: true)),
        "ByteLevel" => rules with { IsByteLevel = true },
        "ByteFallback" => rules with { HasByteFallback = true },
        // Everything after it sees one text; of what may follow, only Strip differs by that.
        "Fuse" => rules,
        "Replace" => rules with { Replacements = [.. rules.Replacements, Replacement(decoder)] },
        "Metaspace" => Metaspace(rules, decoder),
        "Strip" when IsLeadingSpace(decoder) => rules with { LeadingSpace = LeadingSpace.OneDropped },
        var type => throw new InvalidDataException($"its decoder '{type}' is not supported as it stands; {Supported}"),
    };

    private static List<JsonElement> Parts(JsonElement sequence)
    {
        var parts = TokenizerJson.List(sequence, "decoders");
        var fuse = parts.FindIndex(part => TokenizerJson.TypeOf(part) == "Fuse");
        for (var i = 0; i < parts.Count; i++)
        {
            var type = TokenizerJson.TypeOf(parts[i]);
            if (type == "Strip" ? fuse < 0 || i < fuse : fuse >= 0 && i > fuse)
                throw new InvalidDataException($"its decoder has {type} {(type == "Strip" ? "before" : "after")} Fuse; {Supported}");
        }

        return parts;
    }

    private static (string From, string To) Replacement(JsonElement decoder)
    {
        var from = decoder.TryGetProperty("pattern", out var pattern) ? TokenizerJson.Text(pattern, "String") : null;
        var to = TokenizerJson.Text(decoder, "content");
        return string.IsNullOrEmpty(from) || to is null
            ? throw new InvalidDataException("its decoder replaces by a pattern that is no plain text; only plain text is supported")
            : (from, to);
    }

    private static DecodingRules Metaspace(DecodingRules rules, JsonElement decoder)
    {
        var scheme = TokenizerJson.Text(decoder, "prepend_scheme")
            ?? (decoder.TryGetProperty("add_prefix_space", out var adds) && adds.ValueKind == JsonValueKind.False ? "never" : "always");
        return rules with
        {
            Replacements = [.. rules.Replacements, (TokenizerJson.Text(decoder, "replacement") ?? "▁", " ")],
            LeadingSpace = scheme == "never" ? LeadingSpace.Kept : LeadingSpace.AllDropped,
        };
    }

    private static bool IsLeadingSpace(JsonElement strip) =>
        TokenizerJson.Text(strip, "content") == " "
        && TokenizerJson.Number(strip, "start") == 1
        && TokenizerJson.Number(strip, "stop") == 0;
}
