using System.Text.Json;

namespace Serverless.Inference.Generation.Text.Tokenization;

/// <summary>
/// Reads the <c>post_processor</c> of a <c>tokenizer.json</c>. The native library does without: it would end the process over a template
/// that names a token it does not define.
/// </summary>
internal static class SurroundingsReader
{
    private const int MaxTokens = 64;

    /// <exception cref="InvalidDataException">The post-processor is not supported or broken.</exception>
    public static Surroundings Read(JsonElement root) =>
        root.TryGetProperty("post_processor", out var part) && part.ValueKind != JsonValueKind.Null
            ? Read(part, isSequence: false)
            : Surroundings.None;

    private static Surroundings Read(JsonElement part, bool isSequence) => TokenizerJson.TypeOf(part) switch
    {
        // It corrects offsets, which nobody here asks for.
        "ByteLevel" => Surroundings.None,
        "TemplateProcessing" => FromTemplate(part),
        "BertProcessing" or "RobertaProcessing" => new([PairId(part, "cls")], [PairId(part, "sep")]),
        "Sequence" when !isSequence => TokenizerJson.List(part, "processors")
            .Select(inner => Read(inner, isSequence: true))
            .Aggregate(Surroundings.None, (all, next) => new([.. next.Before, .. all.Before], [.. all.After, .. next.After])),
        var type => throw new InvalidDataException(
            $"its post_processor '{type}' is not supported; supported are ByteLevel, TemplateProcessing, BertProcessing and RobertaProcessing"),
    };

    private static Surroundings FromTemplate(JsonElement part)
    {
        var before = new List<int>();
        var after = new List<int>();
        var texts = 0;
        foreach (var piece in TokenizerJson.List(part, "single"))
        {
            if (TokenizerJson.Part(piece, "Sequence") is not null)
                texts++;
            else
                (texts == 0 ? before : after).AddRange(Ids(part, TokenizerJson.Part(piece, "SpecialToken")));
        }

        return texts == 1 && before.Count + after.Count <= MaxTokens
            ? new Surroundings(before, after)
            : throw new InvalidDataException($"its post_processor must hold the text once, and at most {MaxTokens} tokens around it");
    }

    private static IEnumerable<int> Ids(JsonElement part, JsonElement? token)
    {
        var name = token is { } found ? TokenizerJson.Text(found, "id") : null;
        var ids = name is not null && TokenizerJson.Part(part, "special_tokens") is { } defined
            && TokenizerJson.Part(defined, name) is { } definition
                ? TokenizerJson.List(definition, "ids")
                : [];
        return ids.Count > 0 && ids.TrueForAll(id => id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var value) && value >= 0)
            ? ids.Select(id => id.GetInt32())
            : throw new InvalidDataException($"its post_processor uses the token '{name}' and does not say its ids");
    }

    private static int PairId(JsonElement part, string name)
    {
        var pair = TokenizerJson.List(part, name);
        return pair.Count == 2 && pair[1].ValueKind == JsonValueKind.Number && pair[1].TryGetInt32(out var id) && id >= 0
            ? id
            : throw new InvalidDataException($"its post_processor has no pair of token and id as '{name}'");
    }
}
