using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Manifest;
using TinyLm.Corpus;
using TinyLm.Network;
using TinyLm.Packaging;
using TinyLm.Sampling;
using TinyLm.Tokens;
using TinyLm.Training;
using Sample = Serverless.SampleModels.TinyLm;

namespace TinyLm.Tests.Packaging;

/// <summary>The trained package that is part of the repository.</summary>
public sealed class SamplePackageTests
{
    private const string Verse = "And God said, Let there be light: and there was light.";

    private static readonly (DecoderWeights Weights, BytePairTokenizer Tokenizer) Package = DecoderPackage.Read(Sample.Folder);

    [Fact]
    public void Graph_OfSamplePackage_RunsInOnnxRuntimeAsItDoesHere() =>
        DecoderPackageTests.AssertSameLogits(Sample.Folder, Package.Weights, length: 200);

    [Fact]
    public void Files_OfSamplePackage_AreSmall() =>
        Assert.InRange(new DirectoryInfo(Sample.Folder).EnumerateFiles().Sum(file => file.Length), 1, 4 << 20);

    [Fact]
    public void Loss_OfTextItHasRead_IsLow()
    {
        var tokens = Package.Tokenizer.Encode(
            "Genesis 1\nIn the beginning God created the heaven and the earth.\nAnd the earth was without form, and void; and darkness was "
            + "upon the face of the deep. And the Spirit of God moved upon the face of the waters.\n" + Verse + "\n");

        var loss = HeldOutLoss.Measure(Package.Weights, tokens, tokens.Length - 1);

        Assert.True(loss < 2.7, $"{loss} nats per token");
    }

    [Fact]
    public void Continue_OfConversation_AnswersAndEnds()
    {
        var format = new ChatFormat(Package.Tokenizer);
        var prompt = new List<int>();
        format.AddTurn(prompt, ChatFormat.User, Package.Tokenizer.Encode(Verse));
        format.AddOpening(prompt, ChatFormat.Assistant);

        var answer = new TextSampler(Package.Weights).Continue(prompt, most: 250, temperature: 0.8f, seed: 1).ToArray();

        Assert.InRange(answer.Length, 3, 249);
        Assert.DoesNotContain('\n', Package.Tokenizer.Decode(answer));
    }

    [Fact]
    public async Task Push_OfSamplePackage_FindsADecoderThatSharesItsPast()
    {
        var options = new PreparationOptions { Task = ModelTasks.TextGeneration };

        using var prepared = await GraphPreparation.RunAsync(Sample.Graph, options, progress: null, TestContext.Current.CancellationToken);

        Assert.True(prepared.Decoder!.SharesPast);
        Assert.Equal(Package.Weights.Shape.Context, prepared.Decoder.ContextLength);
        Assert.Equal([SpecialTokens.EndOfText, SpecialTokens.TurnEnd], prepared.Decoder.EndTokens.Order());
        Assert.Equal(SpecialTokens.EndOfText, prepared.Decoder.BeginToken);
        Assert.Contains("tokenizer.json", prepared.Files.Keys);
    }
}
