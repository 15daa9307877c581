using System.Text;
using System.Text.Json.Nodes;
using Serverless.Inference.Generation.Text.Tokenization;

namespace Serverless.Inference.Tests.Generation.Text.Tokenization;

/// <summary>Files that the native library would refuse without words, run wrongly, or end the process over.</summary>
public sealed class TokenizerFileTests
{
    [Theory]
    [InlineData("", "tokenizer.json")]
    [InlineData("{", "tokenizer.json")]
    [InlineData("[]", "no JSON object")]
    [InlineData("{}", "no model")]
    [InlineData("""{"model": {"type": "WordPiece", "vocab": {"a": 0}}}""", "'WordPiece' is not supported; supported are BPE and Unigram")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": -1}, "merges": []}}""", "token 'a' has no id")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0, "b": 0}, "merges": []}}""", "token 'b' or its id 0 is there twice")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 4000000000}, "merges": []}}""", "token 'a' has no id")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"\ud800": 0}, "merges": []}}""", "tokenizer.json")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {}, "merges": []}, "decoder": {"type": "ByteLevel"}}""", "no tokens")]
    public void Read_BrokenFile_SaysWhatIsWrong(string json, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(Encoding.UTF8.GetBytes(json)));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("tokenizer.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("normalizer", """{"type": "Precompiled", "precompiled_charsmap": "AAAA"}""", "'Precompiled' is not supported")]
    [InlineData("pre_tokenizer", """{"type": "FixedLength", "length": 0}""", "'FixedLength' is not supported")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"Regex": ""}, "behavior": "Isolated"}""", "no pattern")]
    [InlineData("decoder", """{"type": "WordPiece"}""", "'WordPiece' is not supported as it stands")]
    [InlineData("decoder", """{"type": "Sequence", "decoders": [{"type": "Fuse"}, {"type": "ByteFallback"}]}""", "ByteFallback after Fuse")]
    [InlineData("decoder", """{"type": "Replace", "pattern": {"Regex": "x"}, "content": ""}""", "no plain text")]
    [InlineData("post_processor", """{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {}}]}""", "'<s>'")]
    [InlineData("post_processor", """{"type": "TemplateProcessing", "single": []}""", "hold the text once")]
    [InlineData("post_processor", """{"type": "BertProcessing", "sep": ["x", 9999], "cls": ["x", 0]}""", "beyond the last")]
    [InlineData("added_tokens", """[{"id": 3, "content": "<x>", "special": true}]""", "'<x>' must have the id 269")]
    [InlineData("added_tokens", """[{"id": 269, "content": "", "special": true}]""", "no content")]
    public void Read_PartThatCannotBeRun_NamesIt(string part, string json, string message)
    {
        var file = SampleTokenizer.ByteLevel();
        file[part] = JsonNode.Parse(json);

        var error = Assert.Throws<InvalidDataException>(() => Read(SampleTokenizer.Utf8(file)));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"Regex": "("}, "behavior": "Isolated", "invert": false}""")]
    [InlineData("normalizer", """{"type": "Replace", "pattern": {"String": "x"}}""")]
    public void Create_PartThatTheLibraryRefuses_IsAnErrorNotACrash(string part, string json)
    {
        var json2 = SampleTokenizer.ByteLevel();
        json2[part] = JsonNode.Parse(json);
        using var file = TokenizerFile.Read(SampleTokenizer.Utf8(json2), new HashSet<string>());

        var error = Assert.Throws<InvalidDataException>(() => new PackageTokenizer(file));

        Assert.StartsWith("tokenizer.json cannot be used", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_TruncationPaddingAndDropout_AreLeftOut()
    {
        var json = SampleTokenizer.ByteLevel();
        json["truncation"] = JsonNode.Parse("""{"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 5}""");
        json["padding"] = JsonNode.Parse("""{"strategy": {"Fixed": 9}, "direction": "Right", "pad_id": 0, "pad_type_id": 0, "pad_token": "!"}""");
        json["model"]!["dropout"] = 0.9;
        using var file = TokenizerFile.Read(SampleTokenizer.Utf8(json), new HashSet<string>());
        using var tokenizer = new PackageTokenizer(file);

        Assert.Equal(["hello", " world", "!"], tokenizer.Encode("hello world!", true, false).Select(token => tokenizer.Decode([token])));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_TokenThatAnotherFileCallsSpecial_IsSpecial(bool wholeWordsFirst)
    {
        var json = SampleTokenizer.ByteLevel();
        json["model"]!["ignore_merges"] = wholeWordsFirst;
        using var file = TokenizerFile.Read(SampleTokenizer.Utf8(json), new HashSet<string> { "<think>", "hello", "[PAD]" });
        using var tokenizer = new PackageTokenizer(file);

        Assert.All(["<think>", "hello"], name =>
        {
            Assert.True(tokenizer.IsSpecial(Assert.Single(tokenizer.Encode(name, false, special: true))));
            Assert.DoesNotContain(tokenizer.Encode(name, false, special: false), tokenizer.IsSpecial);
        });
    }

    [Fact]
    public void Read_SingleCharacterThatAnotherFileCallsSpecial_StaysText()
    {
        using var file = TokenizerFile.Read(SampleTokenizer.Utf8(SampleTokenizer.ByteLevel()), new HashSet<string> { "!" });
        using var tokenizer = new PackageTokenizer(file);

        Assert.Equal("a!", tokenizer.Decode(tokenizer.Encode("a!", false, special: false)));
    }

    [Fact]
    public void Create_SingleCharacterAsSpecialToken_CanStillBeEncoded()
    {
        var json = SampleTokenizer.ByteLevel();
        json["added_tokens"] = JsonNode.Parse("""[{"id": 33, "content": "!", "special": true}]""");
        using var file = TokenizerFile.Read(SampleTokenizer.Utf8(json), new HashSet<string>());
        using var tokenizer = new PackageTokenizer(file);

        Assert.Equal([33], tokenizer.Encode("!", false, special: false));
        Assert.True(tokenizer.IsSpecial(33));
    }

    [Fact]
    public void Create_NoAddedTokens_EncodesAllTheSame()
    {
        var json = SampleTokenizer.ByteLevel();
        json["added_tokens"] = new JsonArray();
        using var file = TokenizerFile.Read(SampleTokenizer.Utf8(json), new HashSet<string>());
        using var tokenizer = new PackageTokenizer(file);

        Assert.Equal("<|im_end|>", tokenizer.Decode(tokenizer.Encode("<|im_end|>", false, special: true)));
    }

    private static void Read(ReadOnlyMemory<byte> utf8) => TokenizerFile.Read(utf8, new HashSet<string>()).Dispose();
}
