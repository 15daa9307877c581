using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Serverless.Inference.Tests.Generation.Text;

/// <summary>Small <c>tokenizer.json</c> files of the kinds that decoders have.</summary>
internal static class SampleTokenizer
{
    /// <summary>GPT-2's kind: 256 bytes, a few merges, and then the added tokens.</summary>
    public static JsonObject ByteLevel()
    {
        var vocabulary = new List<string>();
        var others = 0;
        for (var value = 0; value < 256; value++)
        {
            var isItself = value is >= 33 and <= 126 or >= 161 and <= 172 or >= 174;
            vocabulary.Add(((char)(isItself ? value : 256 + others++)).ToString());
        }

        string[] merges = ["h e", "l l", "he ll", "hell o", "Ġ w", "o r", "Ġw or", "l d", "Ġwor ld", "Ġ Ġ", "u s", "us er", "e r"];
        var ordered = merges.Where(merge => merge != "us er").Append("us er");
        foreach (var merge in ordered)
            vocabulary.Add(merge.Replace(" ", string.Empty, StringComparison.Ordinal));
        var model = Bpe(vocabulary, [.. ordered]);
        var part = """{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}""";
        return Root(model, part, part, (vocabulary.Count, "<|im_start|>", true), (vocabulary.Count + 1, "<|im_end|>", true),
            (vocabulary.Count + 2, "<think>", false));
    }

    /// <summary>Llama 2's kind: spaces written as ▁, 256 bytes to fall back on, control tokens within the vocabulary.</summary>
    public static JsonObject SentencePiece()
    {
        List<string> vocabulary = ["<unk>", "<s>", "</s>"];
        for (var value = 0; value < 256; value++)
            vocabulary.Add($"<0x{value:X2}>");
        vocabulary.AddRange(["▁", "a", "b", "c", "d", "e", "h", "l", "o", "r", "w", "s", "<", ">", "/", "é"]);
        // The last two would make a control token of plain text.
        string[] merges = ["▁ h", "l l", "▁h e", "▁he ll", "▁hell o", "▁ ▁", "▁ w", "o r", "▁w or", "s >", "< s>"];
        foreach (var merge in merges.Where(merge => merge != "< s>"))
            vocabulary.Add(merge.Replace(" ", string.Empty, StringComparison.Ordinal));
        var model = Bpe(vocabulary, merges);
        model["unk_token"] = "<unk>";
        model["byte_fallback"] = true;
        model["fuse_unk"] = true;
        var root = Root(model, "null",
            """
            {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
                {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
            """,
            (0, "<unk>", true), (1, "<s>", true), (2, "</s>", true));
        root["normalizer"] = JsonNode.Parse(
            """
            {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"},
                {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}
            """);
        root["post_processor"] = JsonNode.Parse(
            """
            {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                "pair": [], "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}}
            """);
        return root;
    }

    /// <summary>T5's kind: scored pieces, of which the control tokens would match as text.</summary>
    public static JsonObject Unigram()
    {
        (string Piece, double Score)[] pieces =
        [
            ("<unk>", 0), ("</s>", 0), ("▁", -3), ("▁hello", -4), ("▁world", -5), ("a", -6), ("b", -6), ("<", -9), ("/", -9), ("s", -9),
            (">", -9), ("▁a", -5),
        ];
        var model = new JsonObject
        {
            ["type"] = "Unigram",
            ["unk_id"] = 0,
            ["vocab"] = new JsonArray([.. pieces.Select(piece => new JsonArray(piece.Piece, piece.Score))]),
        };
        var part = """{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true}""";
        return Root(model, part, part, (0, "<unk>", true), (1, "</s>", true));
    }

    public static ReadOnlyMemory<byte> Utf8(JsonNode file) => Encoding.UTF8.GetBytes(file.ToJsonString());

    private static JsonObject Bpe(List<string> vocabulary, string[] merges) => new()
    {
        ["type"] = "BPE",
        ["vocab"] = JsonSerializer.SerializeToNode(vocabulary.Select((token, id) => (token, id)).ToDictionary(p => p.token, p => p.id)),
        ["merges"] = new JsonArray([.. merges.Select(merge => JsonValue.Create(merge))]),
    };

    private static JsonObject Root(
        JsonObject model, string preTokenizer, string decoder, params (int Id, string Content, bool Special)[] added) => new()
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. added.Select(token => new JsonObject
            {
                ["id"] = token.Id,
                ["content"] = token.Content,
                ["single_word"] = false,
                ["lstrip"] = false,
                ["rstrip"] = false,
                ["normalized"] = false,
                ["special"] = token.Special,
            })]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = JsonNode.Parse(preTokenizer),
            ["post_processor"] = null,
            ["decoder"] = JsonNode.Parse(decoder),
            ["model"] = model,
        };
}
