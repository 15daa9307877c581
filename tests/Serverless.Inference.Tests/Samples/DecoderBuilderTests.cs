using System.Text.Json;
using Serverless.SampleModels.Decoders;
using Serverless.TestKit;

namespace Serverless.Inference.Tests.Samples;

public sealed class DecoderBuilderTests
{
    private static readonly long[] Prompt = [104, 101, 108, 108, 111, 32, 119, 111, 114, 108, 100, 33];

    [Theory]
    [InlineData(4, 2, true)]
    [InlineData(4, 4, true)]
    [InlineData(4, 1, false)]
    public void WriteRandom_OfBothKinds_GivesTheSameLogits(int heads, int keyValueHeads, bool tied)
    {
        var shape = DecoderShape.Tiny with { Heads = heads, KeyValueHeads = keyValueHeads, Tied = tied };
        var grouped = Logits(shape with { Kind = DecoderKind.GroupQuery });
        var plain = Logits(shape with { Kind = DecoderKind.Optimum });

        Assert.True(Difference(grouped, plain) < 1e-4);
    }

    [Theory]
    [InlineData(DecoderKind.GroupQuery)]
    [InlineData(DecoderKind.Optimum)]
    public void WriteRandom_InSteps_GivesTheLogitsOfTheWhole(DecoderKind kind)
    {
        using var folder = new TemporaryFolder();
        var shape = DecoderShape.Tiny with { Kind = kind };
        var graph = DecoderBuilder.WriteRandom(folder.Path, shape);
        using var whole = new DecoderRun(graph, shape);
        using var steps = new DecoderRun(graph, shape);

        var together = whole.Next(Prompt);
        float[][] apart = [.. steps.Next(Prompt[..5]), .. Prompt[5..].SelectMany(token => steps.Next(token))];

        Assert.True(Difference(together, apart) < 1e-4);
        // Each position sees another past, so that no two answers may be alike.
        Assert.True(Difference(together[..^1], together[1..]) > 0.1);
    }

    [Theory]
    [InlineData(DecoderKind.GroupQuery)]
    [InlineData(DecoderKind.Optimum)]
    public void WriteRandom_InHalfFloats_IsCloseToFull(DecoderKind kind)
    {
        var shape = DecoderShape.Tiny with { Kind = kind };

        var difference = Difference(Logits(shape), Logits(shape with { Half = true }));

        Assert.InRange(difference, 1e-6, 0.05);
    }

    [Fact]
    public void WriteRandom_OfLargeWeights_PutsThemBesideTheGraph()
    {
        using var folder = new TemporaryFolder();
        var shape = DecoderShape.Tiny with { Vocabulary = 140_000 };
        var graph = DecoderBuilder.WriteRandom(folder.Path, shape);
        using var run = new DecoderRun(graph, shape);

        Assert.True(new FileInfo(graph).Length < 1 << 20);
        Assert.Equal(shape.Vocabulary, run.Next(Prompt)[^1].Length);
    }

    [Fact]
    public void WriteRandom_Tokenizer_GivesEveryIdOneToken()
    {
        using var folder = new TemporaryFolder();
        DecoderBuilder.WriteRandom(folder.Path, DecoderShape.Tiny);

        using var tokenizer = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.Path, "tokenizer.json")));

        var ids = tokenizer.RootElement.GetProperty("model").GetProperty("vocab").EnumerateObject().Select(entry => entry.Value.GetInt32());
        Assert.Equal(Enumerable.Range(0, DecoderShape.Tiny.Vocabulary), ids);
    }

    private static float[][] Logits(DecoderShape shape)
    {
        using var folder = new TemporaryFolder();
        using var run = new DecoderRun(DecoderBuilder.WriteRandom(folder.Path, shape), shape);
        return [.. run.Next(Prompt), .. run.Next(7), .. run.Next(8, 9), .. run.Next(300)];
    }

    private static float Difference(float[][] left, float[][] right) =>
        left.Zip(right).SelectMany(pair => pair.First.Zip(pair.Second, (one, other) => Math.Abs(one - other))).Max();
}
