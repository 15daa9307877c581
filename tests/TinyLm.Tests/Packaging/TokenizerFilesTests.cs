using TinyLm.Corpus;
using TinyLm.Packaging;
using TinyLm.Tokens;
using Tokenizers.DotNet;

namespace TinyLm.Tests.Packaging;

public sealed class TokenizerFilesTests : IDisposable
{
    private static readonly string[] Texts =
    [
        "In the beginning God created the heaven and the earth.", "And God said, Let there be light: and there was light.",
    ];

    private readonly BytePairTokenizer _ours = new(BytePairTrainer.Train(Texts, 290));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tinylm-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("And God said, Let there be light")]
    [InlineData("Psalms 3\nLord,  how are they increased\n\n  that trouble me!?  ")]
    [InlineData("the LORD's 144,000 (sealed)—日本 é 🕊️\t.")]
    public void Write_OfTokenizer_HuggingFaceReadsTheSameTokens(string text)
    {
        TokenizerFiles.Write(_folder.FullName, _ours, 64);
        using var theirs = new Tokenizer(Path.Combine(_folder.FullName, "tokenizer.json"));

        var tokens = theirs.Encode(text);

        Assert.Equal(_ours.Encode(text), tokens.Select(token => (int)token));
        Assert.Equal(text, theirs.Decode(tokens));
    }

    [Fact]
    public void Write_OfTokenizer_HuggingFaceReadsConversationsAsTheyWereTrainedOn()
    {
        TokenizerFiles.Write(_folder.FullName, _ours, 64);
        using var theirs = new Tokenizer(Path.Combine(_folder.FullName, "tokenizer.json"));
        var format = new ChatFormat(_ours);
        var trained = new List<int>();
        format.AddTurn(trained, ChatFormat.User, _ours.Encode(Texts[0]));
        format.AddOpening(trained, ChatFormat.Assistant);

        var tokens = theirs.Encode($"<|im_start|>user\n{Texts[0]}<|im_end|>\n<|im_start|>assistant\n");

        Assert.Equal(trained, tokens.Select(token => (int)token));
    }
}
