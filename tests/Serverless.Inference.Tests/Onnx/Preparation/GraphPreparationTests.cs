using Google.Protobuf;
using Onnx;
using Serverless.Inference.Onnx;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Manifest;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;

namespace Serverless.Inference.Tests.Onnx.Preparation;

public sealed class GraphPreparationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_DenseLayers_TakesTheWeightsOutAndAnswersAsBefore()
    {
        var path = OnnxGraphs.Mlp(64, 128, 10).WriteTo(_folder.File("mlp.onnx"));

        using var prepared = await PrepareAsync(path);

        Assert.Equal(["w1", "w2"], prepared.Weights.Select(weight => weight.Name).Order());
        Assert.All(prepared.Weights, weight => Assert.Equal(0, weight.Offset % WeightTensor.Alignment));
        Assert.Equal(64 * 128 * 4, prepared.Weights.Single(weight => weight.Name == "w1").Length);
        Assert.True(new FileInfo(prepared.GraphFile).Length < 4000);
        Assert.Equal(["cpu"], prepared.Optimization!.Providers);
        Assert.Empty(prepared.Optimization.ProcessorFeatures);
        Assert.True(prepared.MemoryBytes >= (64 * 128 * 4) + (128 * 10 * 4));
        AssertAnswersAlike(path, prepared, [5, 64]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_Convolution_IsBoundToAProcessorOnlyWhenAsked(bool bind)
    {
        var path = PreparedGraphs.Convolution("batch").WriteTo(_folder.File("conv.onnx"));

        using var prepared = await PrepareAsync(path, new PreparationOptions { BindToProcessor = bind });

        Assert.Equal(bind ? ProcessorFeatures.Current : null, prepared.Optimization?.ProcessorFeatures);
        Assert.Equal(32, prepared.Batching.MaxBatch);
        AssertAnswersAlike(path, prepared, [2, 3, 8, 8]);
    }

    [Fact]
    public async Task Run_ForAnyProvider_LeavesTheOptimisingToTheLoad()
    {
        var path = OnnxGraphs.Mlp(64, 128, 10).WriteTo(_folder.File("mlp.onnx"));

        using var prepared = await PrepareAsync(path, new PreparationOptions { Provider = null });

        Assert.Null(prepared.Optimization);
        Assert.Equal(2, prepared.Weights.Count);
        AssertAnswersAlike(path, prepared, [3, 64]);
    }

    [Fact]
    public async Task Run_FixedBatchOfOne_IsFreedWhereThatIsRight()
    {
        var path = PreparedGraphs.OneRow().WriteTo(_folder.File("row.onnx"));

        using var prepared = await PrepareAsync(path);

        Assert.Equal([-1, 32], prepared.Signature.Inputs[0].Shape);
        Assert.Equal([-1, 16], prepared.Signature.Outputs[0].Shape);
        Assert.Equal(32, prepared.Batching.MaxBatch);
        AssertAnswersAlike(path, prepared, [1, 32]);
    }

    [Fact]
    public async Task Run_FixedBatchThatTheGraphNeeds_Stays()
    {
        var path = PreparedGraphs.OneRowForGood().WriteTo(_folder.File("row.onnx"));

        using var prepared = await PrepareAsync(path);

        Assert.Equal([1, 32], prepared.Signature.Inputs[0].Shape);
        Assert.Equal(1, prepared.Batching.MaxBatch);
        Assert.Contains("'x' has no free first dimension", prepared.Batching.Reason, StringComparison.Ordinal);
        AssertAnswersAlike(path, prepared, [1, 32]);
    }

    [Fact]
    public async Task Run_ConstantsInALoop_StayInTheGraph()
    {
        var path = OnnxGraphs.Slow().WriteTo(_folder.File("slow.onnx"));

        using var prepared = await PrepareAsync(path);
        using var session = prepared.Open();
        using var output = session.Run([Engine.Int64("count", [], 4), Engine.Fp32("start", [1], 1)], ["y"], Token)[0];

        Assert.Equal(5, BitConverter.ToSingle(output.Data));
        Assert.Null(prepared.WeightsFile);
    }

    [Fact]
    public async Task Run_ExternalDataBesideTheModel_IsTakenIn()
    {
        var weights = Enumerable.Range(0, 64 * 64).SelectMany(index => BitConverter.GetBytes(index % 7 * 0.1f)).ToArray();
        await File.WriteAllBytesAsync(_folder.File("weights.data"), weights, Token);
        var path = Write(PreparedGraphs.WithExternalWeights("weights.data"));

        using var prepared = await PrepareAsync(path);

        Assert.Equal(weights, (await File.ReadAllBytesAsync(prepared.WeightsFile!, Token))[..weights.Length]);
        AssertAnswersAlike(path, prepared, [2, 64]);
    }

    [Theory]
    [InlineData("../secret", "outside the model's folder")]
    [InlineData("/etc/passwd", "outside the model's folder")]
    [InlineData("below/../../secret", "outside the model's folder")]
    [InlineData("link", "outside the model's folder")]
    [InlineData("none.data", "does not exist")]
    [InlineData("short.data", "ends beyond")]
    [InlineData("", "names no file")]
    public async Task Run_ExternalDataThatMustNotBeRead_IsRefusedByName(string location, string why)
    {
        Directory.CreateDirectory(_folder.File("model"));
        await File.WriteAllBytesAsync(_folder.File("secret"), new byte[64 * 64 * 4], Token);
        await File.WriteAllBytesAsync(_folder.File("model/short.data"), new byte[100], Token);
        File.CreateSymbolicLink(_folder.File("model/link"), _folder.File("secret"));
        var path = Write(PreparedGraphs.WithExternalWeights(location), "model/model.onnx");

        var error = await Assert.ThrowsAsync<ModelRefusedException>(() => PrepareAsync(path));

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Contains("'w'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("this is no graph")]
    [InlineData("")]
    public async Task Run_NotAGraph_IsRefused(string content)
    {
        await File.WriteAllTextAsync(_folder.File("text.onnx"), content, Token);

        var error = await Assert.ThrowsAsync<ModelRefusedException>(() => PrepareAsync(_folder.File("text.onnx")));

        Assert.Contains("text.onnx is not an ONNX model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OperatorThatDoesNotExist_IsRefusedNamingIt()
    {
        var path = new OnnxGraph().Input("x", TensorProto.Types.DataType.Float, "n").Output("y", TensorProto.Types.DataType.Float, "n")
            .Node("Frobnicate", "x", "y").WriteTo(_folder.File("bad.onnx"));

        var error = await Assert.ThrowsAsync<ModelRefusedException>(() => PrepareAsync(path));

        Assert.Contains("Frobnicate", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static Task<PreparedGraph> PrepareAsync(string path, PreparationOptions? options = null) =>
        GraphPreparation.RunAsync(path, options ?? new PreparationOptions(), null, Token);

    private static void AssertAnswersAlike(string path, PreparedGraph prepared, long[] shape)
    {
        using var original = OnnxSession.Open(path, ExecutionProvider.Cpu);
        using var session = prepared.Open();
        var random = new Random(9);
        var count = (int)shape.Aggregate(1L, (product, size) => product * size);
        using var input = Engine.Fp32("x", shape, [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())]);
        using var wanted = original.Run([input], ["y"], Token)[0];
        using var answer = session.Run([input], ["y"], Token)[0];

        Assert.Equal(wanted.Shape, answer.Shape);
        Assert.Null(new AnswerComparison().FindDifference([wanted], [answer], 0, 1));
        Assert.Contains(answer.Data.ToArray(), value => value != 0);
    }

    private string Write(ModelProto model, string file = "model.onnx")
    {
        File.WriteAllBytes(_folder.File(file), model.ToByteArray());
        return _folder.File(file);
    }
}
