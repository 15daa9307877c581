using TinyLm.Network;
using TinyLm.Numerics;
using TinyLm.Packaging;
using TinyLm.Tokens;

namespace TinyLm.Tests.Packaging;

public sealed class DecoderPackageTests : IDisposable
{
    private static readonly string[] Texts = ["And God saw the light, that it was good.", "And God called the light Day."];

    private readonly BytePairTokenizer _tokenizer = new(BytePairTrainer.Train(Texts, 300));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tinylm-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Write_OfDecoder_RunsInOnnxRuntimeAsItDoesHere()
    {
        var weights = Weights();

        DecoderPackage.Write(_folder.FullName, weights, _tokenizer);

        AssertSameLogits(_folder.FullName, weights, 70);
    }

    [Fact]
    public void Read_OfWrittenPackage_GivesItsWeightsAndTokens()
    {
        var weights = Weights();

        DecoderPackage.Write(_folder.FullName, weights, _tokenizer);
        var (read, tokenizer) = DecoderPackage.Read(_folder.FullName);

        Assert.Equal(weights.Shape, read.Shape);
        Assert.Equal(weights.Values, read.Values);
        Assert.Equal(_tokenizer.Merges, tokenizer.Merges);
    }

    [Fact]
    public void Read_OfOtherGraph_SaysWhatItIsNot()
    {
        DecoderPackage.Write(_folder.FullName, Weights(), _tokenizer);
        File.WriteAllText(Path.Combine(_folder.FullName, "config.json"), "{}");

        var error = Assert.Throws<InvalidDataException>(() => DecoderPackage.Read(_folder.FullName));

        Assert.Contains(_folder.FullName, error.Message, StringComparison.Ordinal);
    }

    internal static void AssertSameLogits(string folder, DecoderWeights weights, int length)
    {
        var noise = new Noise(9);
        int[] tokens = [.. Enumerable.Range(0, length).Select(_ => noise.Below(weights.Shape.Vocabulary))];
        var expected = new DecoderRun(weights.Shape, length, length).Forward(weights, tokens, length);

        var logits = OnnxDecoder.Logits(folder, weights.Shape, tokens);

        Assert.Equal(length * weights.Shape.Vocabulary, logits.Length);
        for (var row = 0; row < length; row++)
        {
            for (var token = 0; token < weights.Shape.Vocabulary; token++)
                Assert.Equal(expected.Row(row)[token], logits[(row * weights.Shape.Vocabulary) + token], 1e-3);
        }
    }

    private DecoderWeights Weights()
    {
        var shape = new DecoderShape
        {
            Vocabulary = _tokenizer.Count,
            Layers = 2,
            Width = 48,
            Heads = 4,
            KeyValueHeads = 2,
            HeadSize = 16,
            Hidden = 40,
            Context = 96,
        };
        var weights = new DecoderWeights(shape);
        weights.Initialize(3);
        new Noise(4).Fill(weights.AttentionNorm(0), 1);
        new Noise(5).Fill(weights.FinalNorm, 1);
        return weights;
    }
}
