using System.Runtime.InteropServices;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Tensors;
using Serverless.TestKit.Onnx;

namespace Serverless.Inference.Tests.Execution.Batching;

/// <summary>Requests that run together answer as each does alone.</summary>
public sealed class BatchingTests : IAsyncDisposable
{
    private readonly Engine _engine = new(options => options.Serving = new ServingSettings
    {
        Instances = 2,
        MaxDelay = TimeSpan.FromMilliseconds(2),
        MaxWaste = 0.9,
    }, TimeProvider.System)
    { MaxBatch = 16 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_RandomRowsAtOnce_EachAnswersAsAlone()
    {
        await _engine.PushAsync("mlp", OnnxGraphs.Mlp(8, 16, 4).ToBytes());
        using var lease = await AcquireAsync("mlp");
        var random = new Random(7);
        var inputs = Enumerable.Range(0, 120)
            .Select(_ => Enumerable.Range(0, 8 * random.Next(1, 5)).Select(_ => random.NextSingle()).ToArray()).ToList();
        var alone = new List<float[]>();
        foreach (var input in inputs)
            alone.Add((await RunMlpAsync(lease, input)).Answer);
        var before = lease.Statistics;

        var together = await Task.WhenAll(inputs.Select(input => Task.Run(() => RunMlpAsync(lease, input), Token)));

        for (var i = 0; i < inputs.Count; i++)
        {
            Assert.Equal(alone[i].Length, together[i].Answer.Length);
            Assert.All(alone[i].Zip(together[i].Answer), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }

        Assert.Contains(together, answer => answer.Rows > 4);
        Assert.InRange(lease.Statistics.ExecutionCount - before.ExecutionCount, 1, inputs.Count / 2);
        Assert.Equal(inputs.Sum(input => input.Length / 8), lease.Statistics.InferenceCount - before.InferenceCount);
    }

    [Fact]
    public async Task Run_MixedLengthsAtOnce_ArePaddedAndCutBack()
    {
        await _engine.PushAsync("sequences", SequenceGraph.Build().ToBytes());
        using var lease = await AcquireAsync("sequences");
        var random = new Random(9);
        var requests = Enumerable.Range(0, 150).Select(_ => (Rows: random.Next(1, 4), Width: random.Next(1, 30))).ToList();

        var answers = await Task.WhenAll(requests.Select(request => Task.Run(() => CheckAsync(lease, request.Rows, request.Width), Token)));

        Assert.Equal("attention_mask", lease.Manifest.Batching!.Sequence!.Mask);
        Assert.Equal(["twice"], lease.Manifest.Batching.Sequence.Outputs);
        Assert.Contains(answers, rows => rows > 6);
    }

    [Fact]
    public async Task Run_OneOfManyWithDataThatFails_FailsAlone()
    {
        await _engine.PushAsync("lookup", OnnxGraphs.Lookup().ToBytes());
        using var lease = await AcquireAsync("lookup");

        var runs = Enumerable.Range(0, 16).Select(index => lease.RunAsync(
            [Engine.Int64("index", [1], index == 5 ? 99 : index % 4)], ["value"], RunTerms.Default, Token).AsTask()).ToList();

        for (var i = 0; i < runs.Count; i++)
        {
            if (i == 5)
            {
                Assert.Equal(ErrorKind.InvalidRequest, (await Assert.ThrowsAsync<InferenceException>(() => runs[5])).Error.Kind);
                continue;
            }

            using var outcome = await runs[i];
            Assert.Equal((i % 4 * 10) + 10, BitConverter.ToSingle(outcome.Outputs[0].Data));
        }
    }

    [Fact]
    public async Task Run_SomeCallersLeave_TheOthersAreAnswered()
    {
        await _engine.PushAsync("mlp", OnnxGraphs.Mlp(8, 16, 4).ToBytes());
        using var lease = await AcquireAsync("mlp");
        // Longer than a busy machine takes to get from the first to the cancellation.
        _engine.Registry.Change("mlp", new ServingChange { MaxDelayMicroseconds = 1_000_000 });
        using var leaving = new CancellationTokenSource();

        var runs = Enumerable.Range(0, 12).Select(index => lease.RunAsync(
            [Engine.Fp32("x", [1, 8], new float[8])], ["y"], RunTerms.Default, index % 3 == 0 ? leaving.Token : Token).AsTask()).ToList();
        await leaving.CancelAsync();

        for (var i = 0; i < runs.Count; i++)
        {
            if (i % 3 == 0)
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => runs[i]);
            else
                (await runs[i]).Dispose();
        }
    }

    [Fact]
    public async Task Run_ShortCall_RunsOnTheCallersThreadOnceThatIsKnown()
    {
        await _engine.PushAsync("mlp", OnnxGraphs.Mlp(8, 16, 4).ToBytes());
        using var lease = await AcquireAsync("mlp");
        _engine.Registry.Change("mlp", new ServingChange { MaxDelayMicroseconds = 0 });

        // A call that has completed when it returns was not handed over. Other processes may hold one up, so several tries.
        for (var i = 0; i < 1000; i++)
        {
            var run = lease.RunAsync([Engine.Fp32("x", [1, 8], new float[8])], ["y"], RunTerms.Default, Token);
            var inline = run.IsCompletedSuccessfully;
            (await run).Dispose();
            if (inline)
                return;
        }

        Assert.Fail("No call ran on the caller's thread.");
    }

    [Fact]
    public async Task Change_WhileServing_HoldsFromTheNextRunOn()
    {
        await _engine.PushAsync("mlp", OnnxGraphs.Mlp(8, 16, 4).ToBytes());
        using var lease = await AcquireAsync("mlp");

        var settings = _engine.Registry.Change("mlp", new ServingChange { MaxBatch = 1, Instances = 1 });
        var runs = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => RunMlpAsync(lease, new float[8]), Token)));

        Assert.Equal((1, 1), (settings.MaxBatch, lease.Settings.Instances));
        Assert.All(runs, run => Assert.Equal(1, run.Rows));
        Assert.Throws<InferenceException>(() => _engine.Registry.Change("mlp", new ServingChange { Instances = 0 }));
        Assert.Equal(1, lease.Settings.Instances);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private static async Task<(float[] Answer, int Rows)> RunMlpAsync(ModelLease lease, float[] values)
    {
        using var outcome = await lease.RunAsync([Engine.Fp32("x", [values.Length / 8, 8], values)], ["y"], RunTerms.Default, Token);
        return (MemoryMarshal.Cast<byte, float>(outcome.Outputs[0].Data).ToArray(), outcome.Rows);
    }

    private static async Task<int> CheckAsync(ModelLease lease, int rows, int width)
    {
        var ids = Enumerable.Range(0, rows * width).Select(index => (long)(index * 7919 % 1000)).ToArray();
        BufferTensor[] inputs = [Ones(rows, width), Engine.Int64("ids", [rows, width], ids)];
        using var outcome = await lease.RunAsync(inputs, ["largest", "twice"], RunTerms.Default, Token);

        var (largest, twice) = (outcome.Outputs[0], outcome.Outputs[1]);
        Assert.Equal([rows, 1], largest.Shape);
        Assert.Equal([rows, width], twice.Shape);
        Assert.Equal(ids.Select(id => id * 2), MemoryMarshal.Cast<byte, long>(twice.Data).ToArray());
        Assert.Equal(ids.Chunk(width).Select(row => row.Max()), MemoryMarshal.Cast<byte, long>(largest.Data).ToArray());
        return outcome.Rows;
    }

    private static BufferTensor Ones(int rows, int width) =>
        Engine.Int64("attention_mask", [rows, width], [.. Enumerable.Repeat(1L, rows * width)]);

    private Task<ModelLease> AcquireAsync(string model) => _engine.Registry.AcquireAsync(new ModelReference(model), Token);
}
