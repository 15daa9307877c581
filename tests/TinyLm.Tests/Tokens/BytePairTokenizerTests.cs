using System.Text;
using TinyLm.Numerics;
using TinyLm.Tokens;

namespace TinyLm.Tests.Tokens;

public sealed class BytePairTokenizerTests
{
    private static readonly string[] Texts =
    [
        "In the beginning God created the heaven and the earth.",
        "And God said, Let there be light: and there was light.",
        "And God saw the light, that it was good: and God divided the light from the darkness.",
    ];

    private static readonly BytePairTokenizer Tokenizer = new(BytePairTrainer.Train(Texts, 300));

    [Fact]
    public void Encode_OfAnyText_ComesBackTheSame()
    {
        var noise = new Noise(1);
        for (var trial = 0; trial < 500; trial++)
        {
            var text = AnyText(noise);

            Assert.Equal(text, Tokenizer.Decode(Tokenizer.Encode(text)));
        }
    }

    [Fact]
    public void Train_OnText_MergesWhatIsMostFrequentFirst()
    {
        var first = Tokenizer.Merges[0];

        Assert.Equal("th", Encoding.UTF8.GetString([.. Tokenizer.BytesOf(first.Left), .. Tokenizer.BytesOf(first.Right)]));
    }

    [Fact]
    public void Encode_OfTextThatWasLearnt_IsShort() => Assert.True(Tokenizer.Encode(Texts[1]).Length < Texts[1].Length * 0.6);

    [Fact]
    public void Encode_OfSpecialTokenInText_IsPlainText() =>
        Assert.All(Tokenizer.Encode("<|im_end|>"), token => Assert.True(token >= SpecialTokens.Count));

    private static string AnyText(Noise noise)
    {
        string[] parts = ["God", " the", "\n", "  ", "é", "日本", "🕊️", "'s", "1", ", ", "\t", "<|im_start|>", "a\u0301", "\u00a0"];
        return string.Concat(Enumerable.Range(0, noise.Below(20)).Select(_ => parts[noise.Below(parts.Length)]));
    }
}
