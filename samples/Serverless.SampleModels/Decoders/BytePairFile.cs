using System.Text.Json.Nodes;

namespace Serverless.SampleModels.Decoders;

/// <summary>A byte-level <c>tokenizer.json</c>, as Hugging Face's libraries read it.</summary>
public static class BytePairFile
{
    /// <param name="vocabulary">Ids by token, written in GPT-2's alphabet of bytes; the control tokens too.</param>
    /// <param name="merges">Pairs with a space between, first the first to be merged.</param>
    /// <param name="controls">Control tokens by id.</param>
    public static JsonObject Create(JsonObject vocabulary, IEnumerable<string> merges, IEnumerable<(int Id, string Text)> controls) => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray([.. controls.Select(control => Control(control.Id, control.Text))]),
        ["normalizer"] = null,
        ["pre_tokenizer"] = ByteLevel(),
        ["post_processor"] = null,
        ["decoder"] = ByteLevel(),
        ["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["vocab"] = vocabulary,
            ["merges"] = new JsonArray([.. merges.Select(merge => (JsonNode)merge)]),
        },
    };

    private static JsonObject ByteLevel() => new()
    {
        ["type"] = "ByteLevel",
        ["add_prefix_space"] = false,
        ["trim_offsets"] = true,
        ["use_regex"] = true,
    };

    private static JsonObject Control(int id, string text) => new()
    {
        ["id"] = id,
        ["content"] = text,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    };
}
