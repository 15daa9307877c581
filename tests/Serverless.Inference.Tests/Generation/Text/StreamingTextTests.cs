using System.Text;
using Serverless.Inference.Generation.Text;

namespace Serverless.Inference.Tests.Generation.Text;

public sealed class StreamingTextTests
{
    [Theory]
    // Pieces are tokens, stops are separated by |; expected are the texts after each token and at the end.
    [InlineData("a b c", "", "a b c _", false)]
    [InlineData("ab cST O Pd", "STOP", "ab c _ _", true)]
    [InlineData("abcSTOPdef", "STOP", "abc", true)]
    [InlineData("ST ART", "STOP", "_ START _", false)]
    [InlineData("ST O", "STOP", "_ _ STO", false)]
    [InlineData("STOP", "STOP", "_", true)]
    [InlineData("aa aac", "aac", "_ aa", true)]
    [InlineData("ababac x", "abac", "ab", true)]
    [InlineData("xab c", "bc|abc", "x _", true)]
    [InlineData("xb c", "bc|abc", "x _", true)]
    [InlineData("abcd", "bc|abcde", "a", true)]
    [InlineData("ab ce", "abcd|ce", "_ ab", true)]
    [InlineData("ab cx", "abcd|cd", "_ abcx _", false)]
    [InlineData("\n \nx", "\n\n", "_ _", true)]
    public void Append_Stops_AreNeverGivenOut(string tokens, string stops, string expected, bool isStopped)
    {
        var pieces = tokens.Split(' ');
        var text = new StreamingText(new PieceTokenizer(pieces), stops.Split('|'));
        var texts = new List<string>();
        for (var token = 0; token < pieces.Length && !text.IsStopped; token++)
            texts.Add(text.Append(token));
        if (!text.IsStopped)
            texts.Add(text.Complete());

        Assert.Equal(isStopped, text.IsStopped);
        Assert.Equal(expected, string.Join(' ', texts.Select(piece => piece.Length == 0 ? "_" : piece)));
        Assert.Equal(isStopped ? string.Empty : null, isStopped ? text.Append(0) + text.Complete() : null);
    }

    [Fact]
    public void Append_EmojiOverFourTokens_ComesWhole()
    {
        var text = new StreamingText(new PieceTokenizer([.. Encoding.UTF8.GetBytes("🦊").Select(value => new[] { value })]), []);

        Assert.Equal(["", "", "", "🦊"], [text.Append(0), text.Append(1), text.Append(2), text.Append(3)]);
        Assert.Empty(text.Complete());
    }

    [Fact]
    public void Append_StopOfEmojiOverTokens_Stops()
    {
        var text = new StreamingText(new PieceTokenizer([[(byte)'a', 0xF0, 0x9F], [0xA6, 0x8A, (byte)'b']]), ["🦊"]);

        Assert.Equal(["a", ""], [text.Append(0), text.Append(1)]);
        Assert.True(text.IsStopped);
    }

    [Fact]
    public void Append_OtherEmojiThatBeginsLikeTheStop_ComesWhole()
    {
        var text = new StreamingText(new PieceTokenizer(["🦋"]), ["🦊"]);

        Assert.Equal("🦋", text.Append(0));
    }

    [Theory]
    [InlineData(new byte[] { 0xF0, 0x9F }, "", "\ufffd")]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x61 }, "\ufffda", "")]
    [InlineData(new byte[] { 0xFF, 0x61 }, "\ufffda", "")]
    [InlineData(new byte[] { 0x61, 0xC3 }, "a", "\ufffd")]
    public void Append_BrokenCharacters_AreReplaced(byte[] bytes, string first, string last)
    {
        var text = new StreamingText(new PieceTokenizer([bytes]), []);

        Assert.Equal(first, text.Append(0));
        Assert.Equal(last, text.Complete());
    }

    [Fact]
    public void Append_RandomTextAndStops_EqualsASearchInTheWhole()
    {
        var random = new Random(3);
        for (var round = 0; round < 2_000; round++)
        {
            var whole = Letters(random, random.Next(30));
            var stops = Enumerable.Range(0, random.Next(4)).Select(_ => Letters(random, 1 + random.Next(4))).ToArray();
            var pieces = whole.Select(letter => letter.ToString()).ToArray();
            var text = new StreamingText(new PieceTokenizer(pieces), stops);
            var streamed = new StringBuilder();
            for (var token = 0; token < pieces.Length && !text.IsStopped; token++)
                streamed.Append(text.Append(token));
            streamed.Append(text.Complete());

            // The stop that ends first, and of those the longest.
            var end = Enumerable.Range(0, whole.Length + 1).Where(at => stops.Any(stop => whole[..at].EndsWith(stop, StringComparison.Ordinal)))
                .Select(at => (int?)at).FirstOrDefault();
            var expected = end is { } at
                ? whole[..(at - stops.Where(stop => whole[..at].EndsWith(stop, StringComparison.Ordinal)).Max(stop => stop.Length))]
                : whole;
            Assert.Equal(expected, streamed.ToString());
            Assert.Equal(end is not null, text.IsStopped);
        }
    }

    [Fact]
    public void Append_FirstToken_LosesItsSpaceOnlyWhereATextStarts()
    {
        var tokenizer = new PieceTokenizer("", " a", " b") { DropsFirstSpace = true };
        var start = new StreamingText(tokenizer, []);
        var middle = new StreamingText(tokenizer, [], startsText: false);

        Assert.Equal("a b", start.Append(0) + start.Append(1) + start.Append(2));
        Assert.Equal(" a b", middle.Append(0) + middle.Append(1) + middle.Append(2));
    }

    private static string Letters(Random random, int count) => new([.. Enumerable.Range(0, count).Select(_ => (char)('a' + random.Next(2)))]);
}
