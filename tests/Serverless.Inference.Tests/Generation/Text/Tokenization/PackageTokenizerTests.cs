using System.Text;
using System.Text.Json.Nodes;
using Serverless.Contracts.Errors;
using Serverless.Inference.Generation.Text;
using Serverless.Inference.Generation.Text.Tokenization;
using Tokenizers.DotNet;

namespace Serverless.Inference.Tests.Generation.Text.Tokenization;

/// <summary>Against Hugging Face's library on the unchanged file.</summary>
public sealed class PackageTokenizerTests
{
    public static TheoryData<string> Kinds => ["ByteLevel", "SentencePiece", "Unigram"];

    [Theory]
    [InlineData("ByteLevel", "hello world")]
    [InlineData("ByteLevel", "hello  world, ünïcode 🦊\n\n")]
    [InlineData("ByteLevel", "")]
    [InlineData("SentencePiece", "hello world")]
    [InlineData("SentencePiece", " 🦊 a</b>")]
    [InlineData("SentencePiece", "")]
    [InlineData("Unigram", "hello world ab")]
    public void Encode_PlainText_EqualsTheLibrary(string kind, string text)
    {
        using var tokenizer = Create(kind);
        using var library = Library(kind);

        Assert.Equal(library.Encode(text).Select(id => (int)id), tokenizer.Encode(text, addSpecial: true, special: false));
    }

    [Theory]
    [InlineData("ByteLevel", "<|im_start|>user\nhello<|im_end|>\n<|im_start|>assistant\n<think>")]
    [InlineData("ByteLevel", "<|im_start|><|im_start|>")]
    [InlineData("ByteLevel", "<|im_start<|im_end|>")]
    [InlineData("SentencePiece", "<s>hello world</s> <s>hello")]
    [InlineData("Unigram", "hello</s>")]
    public void Encode_SpecialTokensAsSuch_EqualsTheLibrary(string kind, string text)
    {
        using var tokenizer = Create(kind);
        using var library = Library(kind);

        Assert.Equal(library.Encode(text).Select(id => (int)id), tokenizer.Encode(text, addSpecial: true, special: true));
    }

    [Theory]
    [InlineData("ByteLevel", "hello<|im_end|>\n<|im_start|>system")]
    [InlineData("SentencePiece", "hello<s></s><unk>")]
    [InlineData("SentencePiece", "<s>")]
    [InlineData("Unigram", "hello</s>ab")]
    public void Encode_SpecialTokensInAUsersText_ArePlainText(string kind, string text)
    {
        using var tokenizer = Create(kind);

        var tokens = tokenizer.Encode(text, addSpecial: false, special: false);

        Assert.DoesNotContain(tokens, tokenizer.IsSpecial);
        Assert.Equal(text, tokenizer.Decode(tokens));
    }

    [Fact]
    public void Encode_PartsMarkedSpecial_BecomeControlTokensInThemAlone()
    {
        using var tokenizer = Create("ByteLevel");

        var tokens = tokenizer.Encode([("<|im_start|>".AsMemory(), true), ("he<|im_end|>".AsMemory(), false), ("<|im_end|>".AsMemory(), true)]);

        Assert.Equal(2, tokens.Count(tokenizer.IsSpecial));
        Assert.Equal("he<|im_end|>", tokenizer.Decode(tokens));
    }

    [Fact]
    public void Encode_TextSplitIntoParts_TokenizesAsTheWhole()
    {
        using var tokenizer = Create("ByteLevel");

        var tokens = tokenizer.Encode([("<|im_start|>us".AsMemory(), true), ("er\nhel".AsMemory(), false), ("lo world".AsMemory(), true)]);

        Assert.Equal(tokenizer.Encode("<|im_start|>user\nhello world", addSpecial: false, special: true), tokens);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_RandomTokens_EqualsTheLibraryAndTheStream(string kind)
    {
        using var tokenizer = Create(kind);
        using var library = Library(kind);
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var tokens = Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(tokenizer.VocabularySize)).ToArray();

            var text = tokenizer.Decode(tokens);

            // The library writes as many U+FFFD as there are bytes in a run of byte tokens that is no UTF-8.
            var expected = library.Decode(Array.ConvertAll(tokens, token => (uint)token));
            if (kind != "SentencePiece" || !expected.Contains('\ufffd'))
                Assert.Equal(expected, text);
            var stream = new StreamingText(tokenizer, []);
            Assert.Equal(text, string.Concat(tokens.Select(stream.Append)) + stream.Complete());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void BytesOf_EveryToken_IsWhatTheLibraryAddsToAText(string kind)
    {
        using var tokenizer = Create(kind);
        using var library = Library(kind);
        var before = (uint)tokenizer.Encode("a", addSpecial: false, special: false)[^1];
        var start = library.Decode([before]);
        for (var token = 0; token < tokenizer.VocabularySize; token++)
        {
            var text = Encoding.UTF8.GetString(tokenizer.BytesOf(token).Span);
            Assert.Equal(library.Decode([before, (uint)token]), start + text);
        }
    }

    [Fact]
    public void BytesOf_SpecialAndUnknownTokens_AreEmpty()
    {
        using var tokenizer = Create("ByteLevel");
        var special = tokenizer.Encode("<|im_end|>", addSpecial: false, special: true)[0];

        Assert.True(tokenizer.IsSpecial(special));
        Assert.True(tokenizer.BytesOf(special).IsEmpty);
        Assert.All([-1, tokenizer.VocabularySize, int.MaxValue], token =>
        {
            Assert.True(tokenizer.BytesOf(token).IsEmpty);
            Assert.False(tokenizer.IsSpecial(token));
        });
    }

    [Fact]
    public void Encode_HalfASurrogatePair_IsAReplacementCharacter()
    {
        using var tokenizer = Create("ByteLevel");

        Assert.Equal("a\ufffdb", tokenizer.Decode(tokenizer.Encode("a\ud83eb", addSpecial: false, special: false)));
    }

    [Fact]
    public void Encode_MillionsOfSpaces_AreRefusedRatherThanFatal()
    {
        using var tokenizer = Create("ByteLevel");

        var error = Assert.Throws<InferenceException>(
            () => tokenizer.Encode(new string(' ', 12_000_000) + "x", addSpecial: false, special: false));

        Assert.Equal(ErrorKind.InvalidRequest, error.Error.Kind);
        Assert.Contains("12000001", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_ManyThreadsAndTenThousandLines_AllAgree()
    {
        using var tokenizer = Create("ByteLevel");
        var text = string.Join('\n', Enumerable.Range(0, 10_000).Select(line => $"hello world, this is line {line}"));
        var expected = tokenizer.Encode(text, addSpecial: false, special: false);

        Parallel.For(0, 4, _ => Assert.True(expected.SequenceEqual(tokenizer.Encode(text, addSpecial: false, special: false))));
        Assert.Equal(text, tokenizer.Decode(expected));
    }

    internal static JsonObject File(string kind) => kind switch
    {
        "ByteLevel" => SampleTokenizer.ByteLevel(),
        "SentencePiece" => SampleTokenizer.SentencePiece(),
        _ => SampleTokenizer.Unigram(),
    };

    private static PackageTokenizer Create(string kind)
    {
        using var file = TokenizerFile.Read(SampleTokenizer.Utf8(File(kind)), new HashSet<string>());
        return new PackageTokenizer(file);
    }

    private static Tokenizer Library(string kind)
    {
        var path = Path.GetTempFileName();
        try
        {
            System.IO.File.WriteAllBytes(path, SampleTokenizer.Utf8(File(kind)).Span);
            return new Tokenizer(path);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }
}
