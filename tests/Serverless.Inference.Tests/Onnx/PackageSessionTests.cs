using Serverless.Inference.Onnx;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;

namespace Serverless.Inference.Tests.Onnx;

public sealed class PackageSessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_OptimisedForThisMachine_RunsOverTheMemoryGivenUntilItIsDisposed()
    {
        using var prepared = await PrepareAsync("cpu");
        var memory = new BufferMemory(prepared);
        var session = PackageSession.Open(GraphOf(prepared, memory), ExecutionProvider.Cpu);

        using var wanted = OnnxSession.Open(_folder.File("model.onnx"), ExecutionProvider.Cpu);
        Assert.Equal(Answer(wanted), Answer(session), 1e-5f);
        Assert.False(memory.IsDisposed);
        session.Dispose();

        Assert.True(memory.IsDisposed);
    }

    [Fact]
    public async Task Open_LookupTableStillToCome_AnswersBitForBitOnceItIsThere()
    {
        var path = Preparation.PreparedGraphs.Embedding().WriteTo(_folder.File("embedding.onnx"));
        using var prepared = await GraphPreparation.RunAsync(path, new PreparationOptions { Provider = "cpu", MaxBatch = 1 }, null, Token);
        var table = prepared.Weights[^1];
        Assert.Equal(("table", true), (table.Name, table.Lookup));
        var whole = new BufferMemory(prepared);
        using var wanted = PackageSession.Open(GraphOf(prepared, whole), ExecutionProvider.Cpu);
        var filling = new BufferMemory(prepared);
        var place = filling.Buffer.Span.Slice((int)table.Offset, (int)table.Length);
        place.Fill(0xff);

        using var session = PackageSession.Open(GraphOf(prepared, filling), ExecutionProvider.Cpu);
        whole.Buffer.Span.Slice((int)table.Offset, (int)table.Length).CopyTo(filling.Buffer.Span[(int)table.Offset..]);

        using var ids = Engine.Int64("ids", [3], 0, 4095, 77);
        using var expected = wanted.Run([ids], ["y"], Token)[0];
        using var found = session.Run([ids], ["y"], Token)[0];
        Assert.True(expected.Data.SequenceEqual(found.Data));
    }

    [Fact]
    public async Task Open_NotOptimised_ReadsTheMemoryAndGivesItBack()
    {
        using var prepared = await PrepareAsync(provider: null);
        var memory = new BufferMemory(prepared);
        using var wanted = OnnxSession.Open(_folder.File("model.onnx"), ExecutionProvider.Cpu);

        using var session = PackageSession.Open(GraphOf(prepared, memory), ExecutionProvider.Cpu);

        Assert.True(memory.IsDisposed);
        Assert.Equal(Answer(wanted), Answer(session), 1e-5f);
    }

    [Fact]
    public async Task Open_GraphThatCannotBeRead_IsRefusedAndGivesTheMemoryBack()
    {
        using var prepared = await PrepareAsync("cpu");
        var memory = new BufferMemory(prepared);

        Assert.Throws<ModelRefusedException>(() => PackageSession.Open(
            GraphOf(prepared, memory) with { Graph = new byte[] { 1, 2, 3 } }, ExecutionProvider.Cpu));

        Assert.True(memory.IsDisposed);
    }

    [Fact]
    public void RuntimeVersion_AskedForBeforeAnySession_LeavesTheSharedThreadPool()
    {
        Assert.NotEmpty(OptimizationMatch.RuntimeVersion);

        Assert.True(OnnxRuntimeLibrary.HasGlobalThreads);
        using var session = OnnxSession.Open(OnnxGraphs.Log().WriteTo(_folder.File("log.onnx")), ExecutionProvider.Cpu);
        Assert.Single(session.Signature.Inputs);
    }

    [Fact]
    public void IsComplete_MadeForAnotherProvider_IsRefusedNamingBoth()
    {
        var made = new OptimizationRecord(["cpu"], OptimizationMatch.RuntimeVersion, "");

        var error = Assert.Throws<ModelRefusedException>(() => OptimizationMatch.IsComplete(made, ExecutionProvider.Cuda));

        Assert.Contains("optimised for cpu", error.Message, StringComparison.Ordinal);
        Assert.Contains("cuda", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x64-quantum", null)]
    [InlineData(null, "0.0.1")]
    public void IsComplete_BoundToAnotherProcessorOrRuntime_IsRefusedNamingIt(string? features, string? runtime)
    {
        var made = new OptimizationRecord(
            ["cpu"], runtime ?? OptimizationMatch.RuntimeVersion, features ?? ProcessorFeatures.Current);

        var error = Assert.Throws<ModelRefusedException>(() => OptimizationMatch.IsComplete(made, ExecutionProvider.Cpu));

        Assert.Contains(features ?? runtime!, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsComplete_UnboundAndOtherRuntime_IsOptimisedAgain()
    {
        Assert.False(OptimizationMatch.IsComplete(new OptimizationRecord(["cpu"], "0.0.1", ""), ExecutionProvider.Cpu));
        Assert.True(OptimizationMatch.IsComplete(
            new OptimizationRecord(["cpu"], OptimizationMatch.RuntimeVersion, ""), ExecutionProvider.Cpu));
        Assert.False(OptimizationMatch.IsComplete(null, ExecutionProvider.Cuda));
    }

    public void Dispose() => _folder.Dispose();

    private static float Answer(OnnxSession session)
    {
        using var input = Engine.Fp32("x", [1, 64], [.. Enumerable.Range(0, 64).Select(index => index * 0.1f)]);
        using var output = session.Run([input], ["y"], Token)[0];
        return BitConverter.ToSingle(output.Data);
    }

    private static PackageGraph GraphOf(PreparedGraph prepared, BufferMemory memory) =>
        new(File.ReadAllBytes(prepared.GraphFile), prepared.Weights, prepared.Optimization, memory);

    private Task<PreparedGraph> PrepareAsync(string? provider)
    {
        var path = OnnxGraphs.Mlp(64, 128, 10).WriteTo(_folder.File("model.onnx"));
        return GraphPreparation.RunAsync(path, new PreparationOptions { Provider = provider, MaxBatch = 1 }, null, Token);
    }

    private sealed class BufferMemory : IWeightMemory
    {
        public BufferMemory(PreparedGraph prepared)
        {
            var bytes = File.ReadAllBytes(prepared.WeightsFile!);
            Buffer = TensorBuffer.Rent(bytes.Length);
            bytes.CopyTo(Buffer.Span);
        }

        public TensorBuffer Buffer { get; }

        public bool IsDisposed { get; private set; }

        public string? Path => null;

        public nint AddressOf(WeightTensor tensor) => Buffer.Address + (nint)tensor.Offset;

        public void Dispose()
        {
            IsDisposed = true;
            Buffer.Dispose();
        }
    }
}
