using Serverless.SampleModels.Decoders;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;
using static Onnx.TensorProto.Types;

namespace Serverless.Cli.Tests.Models.Optimization;

public sealed class ModelOptimizeCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Store => _folder.File("store");

    [Fact]
    public async Task Optimize_ToAVersionThatIsAsGood_PublishesItWithItsLineage()
    {
        await PushAsync();

        var made = await OptimizeAsync("--pass", "int8:min=1", "--alias", "prod");
        var shown = await InferRun.OfAsync("model", "show", "dense:prod", "--store", Store);

        Assert.Equal((0, ""), (made.ExitCode, made.Errors));
        Assert.Contains("Published dense:2", made.Output, StringComparison.Ordinal);
        Assert.Contains("made from version 1 by int8 (embeddings=true, min=1), measured on 32 rows made up", shown.Output, StringComparison.Ordinal);
        Assert.Matches(@"cosine\s+│ (1|0\.99\d*)\s+│ at least 0\.99\s+│ met", shown.Output);
    }

    [Fact]
    public async Task Optimize_ToAVersionThatIsWorseThanAskedFor_RefusesItAndKeepsTheReport()
    {
        await PushAsync();

        var made = await OptimizeAsync("--pass", "int4:min=1", "--min-cosine", "0.99999", "--alias", "prod");
        var shown = await InferRun.OfAsync("model", "show", "dense", "--store", Store);

        Assert.Equal(1, made.ExitCode);
        Assert.Matches(@"Refused: cosine is 0\.9\d* where at least 1 is asked for", made.Output);
        Assert.Contains("dense:1 of versions 1", shown.Output, StringComparison.Ordinal);
        Assert.Contains("rejected 1, ", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("aliases", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Optimize_OfADecoder_IsMeasuredOnTexts()
    {
        DecoderBuilder.WriteRandom(_folder.File("decoder"), DecoderShape.Tiny);
        await File.WriteAllLinesAsync(
            _folder.File("texts"), Enumerable.Repeat("In the beginning was the word.", 20), TestContext.Current.CancellationToken);
        await InferRun.OfAsync("model", "push", "dense", _folder.File("decoder"), "--max-batch", "4", "--store", Store);

        var without = await OptimizeAsync("--pass", "int4");
        var made = await OptimizeAsync("--pass", "int4", "--texts", _folder.File("texts"), "--max-perplexity", "2", "--dry-run");

        Assert.Equal(1, without.ExitCode);
        Assert.Contains("is for text-generation and is compared on texts", without.Errors, StringComparison.Ordinal);
        Assert.Equal((0, ""), (made.ExitCode, made.Errors));
        Assert.Matches(@"perplexity-ratio\s+│ [01]\.\d+\s+│ at most 2\s+│ met", made.Output);
        Assert.Contains("It would be accepted.", made.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Optimize_WithASearch_ComparesCandidatesAndPublishesTheSmallestThatIsAccepted()
    {
        await PushAsync();

        var made = await OptimizeAsync("--search", "--plot", _folder.File("plot.png"), "--min-cosine", "0.9");

        Assert.Equal((0, ""), (made.ExitCode, made.Errors));
        Assert.Matches(@"● │ int4\S*\s+│ 0\.\d+", made.Output);
        Assert.Contains("int8-dynamic", made.Output, StringComparison.Ordinal);
        Assert.Contains("Published dense:2", made.Output, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(_folder.File("plot.png")).Length, 1000, 1_000_000);
    }

    [Fact]
    public async Task Optimize_ToAGraphThatWasMadeElsewhere_HoldsItAgainstTheParentAndKeepsWhatItsMakerSays()
    {
        await PushAsync();
        var made = Directory.CreateDirectory(_folder.File("made")).FullName;
        File.Copy(_folder.File("dense.onnx"), Path.Combine(made, "model.onnx"));
        await File.WriteAllTextAsync(Path.Combine(made, "training.json"), """{"steps":"25","loss":"0.5"}""", TestContext.Current.CancellationToken);

        var published = await OptimizeAsync("--candidate", Path.Combine(made, "model.onnx"), "--pass", "int8:min=1");
        var shown = await InferRun.OfAsync("model", "show", "dense:2", "--store", Store);
        await File.WriteAllTextAsync(Path.Combine(made, "training.json"), """["steps"]""", TestContext.Current.CancellationToken);
        var refused = await OptimizeAsync("--candidate", Path.Combine(made, "model.onnx"));

        Assert.Equal((0, ""), (published.ExitCode, published.Errors));
        Assert.Matches("candidate: made elsewhere, SHA-256 [0-9a-f]{64}", published.Output.ReplaceLineEndings(""));
        Assert.Contains("made from version 1 by candidate (steps=25, loss=0.5) + int8", shown.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("must be a JSON object of up to 32 names and texts", refused.Errors.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Partition_IntoStages_WritesThemAndSaysHowTheyAnswer()
    {
        var graph = new OnnxGraph().Input("x", DataType.Float, "n", 4).Output("y", DataType.Float, "n", 4)
            .Weights("a", new float[16], 4, 4).Weights("b", new float[16], 4, 4)
            .Node("MatMul", "x a", "m").Node("MatMul", "m b", "y").WriteTo(_folder.File("two.onnx"));

        var cut = await InferRun.OfAsync("model", "partition", graph, "--stages", "2", "--output", _folder.File("stages"));

        Assert.Equal((0, ""), (cut.ExitCode, cut.Errors));
        Assert.Contains("The stages answer as the whole does", cut.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("stages/stage-2/model.onnx")));
    }

    [Fact]
    public async Task Partition_Pushed_IsOneModelThatNamesItsStages()
    {
        const string Stage = "stage 2: two.stage-2:1, by the workers 'second', up to 4 rows at once, takes m";
        var graph = new OnnxGraph().Input("x", DataType.Float, "n", 4).Output("y", DataType.Float, "n", 4)
            .Weights("a", new float[16], 4, 4).Weights("b", new float[16], 4, 4)
            .Node("MatMul", "x a", "m").Node("MatMul", "m b", "y").WriteTo(_folder.File("two.onnx"));
        string[] options = ["--max-batch", "4", "--store", Store];

        var cut = await InferRun.OfAsync(["model", "partition", graph, "--push", "two", "--place", "2=second", "--alias", "prod", .. options]);
        var shown = await InferRun.OfAsync("model", "show", "two:prod", "--store", Store);
        var optimized = await InferRun.OfAsync("model", "optimize", "two", "--pass", "int8:min=1", "--store", Store);

        Assert.Equal((0, ""), (cut.ExitCode, cut.Errors));
        Assert.Contains("Published two:1", cut.Output, StringComparison.Ordinal);
        Assert.Contains(Stage, shown.Output.Replace("\n", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.NotEqual(0, optimized.ExitCode);
        Assert.Contains("it is in stages", optimized.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Say where to write the stages with --output FOLDER")]
    [InlineData("--place must be STAGE=WORKERS, such as 2=second", "--push", "two", "--place", "second")]
    [InlineData("--place and --alias are about what --push NAME publishes", "--output", "stages", "--alias", "prod")]
    [InlineData("--task must be text-embedding or generic", "--push", "two", "--task", "text-generation")]
    public async Task Partition_ThatCannotBe_SaysWhatCan(string why, params string[] arguments)
    {
        var graph = OnnxGraphs.Scale(2).WriteTo(_folder.File("scale.onnx"));

        var run = await InferRun.OfAsync(["model", "partition", graph, .. arguments, "--store", Store]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(why, run.Errors.Replace("\n", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no pass 'int3': those there are int8, int4", "--pass", "int3")]
    [InlineData("block of the pass int4 must be 16, 32, 64, 128, 256", "--pass", "int4:block=1")]
    [InlineData("Say what to do with --pass: int8, int4", "--dry-run")]
    [InlineData("There is no file 'nowhere'", "--pass", "int8", "--texts", "nowhere")]
    [InlineData("--plot draws what --search tries, or how a student of distill learnt", "--pass", "int8", "--plot", "plot.png")]
    [InlineData("layers of the pass distill must be a whole number from 1 to 64", "--pass", "distill:layers=0.5")]
    [InlineData("trained on 20 texts or more that it is not measured on, and 0 were given", "--pass", "distill")]
    [InlineData("neurons between two MatMul or Gemm", "--pass", "prune-structured")]
    [InlineData("takes float weights of MatMul, Gemm, Conv or Gather with at least 1000000 numbers", "--pass", "int8:min=1000000")]
    public async Task Optimize_ThatCannotBe_SaysWhatCan(string why, params string[] arguments)
    {
        await PushAsync();

        var run = await OptimizeAsync(arguments);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(why, run.Errors.Replace("\n", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task PushAsync()
    {
        var random = new Random(1);
        var weights = Enumerable.Range(0, 64 * 48).Select(_ => (2 * random.NextSingle()) - 1).ToArray();
        var graph = new OnnxGraph().Input("x", DataType.Float, "n", 64).Output("y", DataType.Float, "n", 48)
            .Weights("w", weights, 64, 48).Node("MatMul", "x w", "y").WriteTo(_folder.File("dense.onnx"));
        var pushed = await InferRun.OfAsync("model", "push", "dense", graph, "--max-batch", "4", "--store", Store);
        Assert.Equal((0, ""), (pushed.ExitCode, pushed.Errors));
    }

    private Task<InferRun> OptimizeAsync(params string[] arguments) =>
        InferRun.OfAsync(["model", "optimize", "dense", .. arguments, "--store", Store]);
}
