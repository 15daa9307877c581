using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.SampleModels.Decoders;
using TinyLm.Corpus;
using TinyLm.Tokens;

namespace TinyLm.Packaging;

/// <summary><c>tokenizer.json</c> and <c>tokenizer_config.json</c>, as Hugging Face's libraries read them.</summary>
internal static class TokenizerFiles
{
    private const string TokenizerFile = "tokenizer.json";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(string folder, BytePairTokenizer tokenizer, int context)
    {
        Save(folder, TokenizerFile, Tokenizer(tokenizer));
        Save(folder, "tokenizer_config.json", new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["add_bos_token"] = false,
            ["add_prefix_space"] = false,
            ["bos_token"] = SpecialTokens.Names[SpecialTokens.EndOfText],
            ["eos_token"] = SpecialTokens.Names[SpecialTokens.TurnEnd],
            ["pad_token"] = SpecialTokens.Names[SpecialTokens.EndOfText],
            ["model_max_length"] = context,
            ["clean_up_tokenization_spaces"] = false,
            ["chat_template"] = ChatFormat.Template,
        });
    }

    /// <summary>The tokenizer of a file that <see cref="Write"/> wrote.</summary>
    public static BytePairTokenizer Read(string folder)
    {
        using var file = File.OpenRead(Path.Combine(folder, TokenizerFile));
        using var document = JsonDocument.Parse(file);
        var model = document.RootElement.GetProperty("model");
        var numbers = model.GetProperty("vocab").EnumerateObject().ToDictionary(token => token.Name, token => token.Value.GetInt32());
        var pairs = model.GetProperty("merges").EnumerateArray().Select(merge => merge.GetString()!.Split(' '));
        return new BytePairTokenizer([.. pairs.Select(pair => new Merge(numbers[pair[0]], numbers[pair[1]]))]);
    }

    private static JsonObject Tokenizer(BytePairTokenizer tokenizer) => BytePairFile.Create(
        Vocabulary(tokenizer), tokenizer.Merges.Select(merge => Written(tokenizer, merge)), SpecialTokens.Names.Select((name, id) => (id, name)));

    private static JsonObject Vocabulary(BytePairTokenizer tokenizer)
    {
        var vocabulary = new JsonObject();
        for (var token = 0; token < tokenizer.Count; token++)
            vocabulary[token < SpecialTokens.Count ? SpecialTokens.Names[token] : Written(tokenizer, token)] = token;
        return vocabulary;
    }

    private static string Written(BytePairTokenizer tokenizer, int token) => ByteAlphabet.Write(tokenizer.BytesOf(token));

    private static string Written(BytePairTokenizer tokenizer, Merge merge) =>
        $"{Written(tokenizer, merge.Left)} {Written(tokenizer, merge.Right)}";

    private static void Save(string folder, string name, JsonObject content) =>
        File.WriteAllText(Path.Combine(folder, name), content.ToJsonString(Readable) + "\n");
}
