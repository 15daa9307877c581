using System.Runtime.InteropServices;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Execution;
using Serverless.Inference.Execution.Batching;
using Serverless.Inference.Lifecycle;
using Serverless.TestKit.Onnx;

namespace Serverless.Inference.Tests.Execution.Batching;

/// <summary>Calls of one thread that run together, on a clock by which every run is short.</summary>
public sealed class GatheringTests : IAsyncDisposable
{
    private readonly Engine _engine = new(time: new ShortSteps()) { MaxBatch = 16 };
    private readonly Gathering _gathering = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task End_CallsOfOneModel_RunTogetherAndAnswerAsAlone()
    {
        using var lease = await LoadMlpAsync();
        var inputs = Enumerable.Range(1, 5).Select(rows => Enumerable.Range(0, rows * 8).Select(i => i / 8f).ToArray()).ToList();
        var alone = inputs.Select(input => Answer(RunMlp(lease, input))).ToList();
        var before = lease.Statistics;

        var together = await GatherAsync(() => inputs.Select(input => RunMlp(lease, input)).ToList());

        Assert.All(together, run => Assert.Equal(15, run.Rows));
        Assert.All(alone.Zip(together.Select(Answer)), pair => Assert.Equal(pair.First, pair.Second, (one, other) => Math.Abs(one - other) < 1e-5));
        Assert.Equal((1, 15, 5), (
            lease.Statistics.ExecutionCount - before.ExecutionCount,
            lease.Statistics.InferenceCount - before.InferenceCount,
            lease.Statistics.Success.Count - before.Success.Count));
    }

    [Fact]
    public async Task End_MoreRowsThanMayRunTogether_RunsTwice()
    {
        using var lease = await LoadMlpAsync();

        var together = await GatherAsync(() => Enumerable.Range(0, 20).Select(_ => RunMlp(lease, new float[8])).ToList());

        Assert.Equal([.. Enumerable.Repeat(16, 16), .. Enumerable.Repeat(4, 4)], together.Select(run => run.Rows));
    }

    [Fact]
    public async Task End_ModelWhoseValuesDecideHowLongItRuns_RunsOnTheThreadPool()
    {
        await _engine.PushAsync("slow", OnnxGraphs.Slow().ToBytes());
        using var slow = await AcquireAsync("slow");
        using var steady = await LoadMlpAsync();
        await RunUntilShortAsync(() => RunSlow(slow, 1, Token));
        using var leaving = new CancellationTokenSource();

        _gathering.Begin();
        var endless = RunSlow(slow, long.MaxValue, leaving.Token).AsTask();
        var quick = RunMlp(steady, new float[8]);
        _gathering.End();

        Assert.True(quick.IsCompletedSuccessfully);
        Assert.False(endless.IsCompleted);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endless);
    }

    [Fact]
    public async Task End_TwoModels_RunEachByItself()
    {
        using var lease = await LoadMlpAsync();
        using var other = await LoadMlpAsync("other");

        var together = await GatherAsync(() => new[] { lease, other, lease, other, lease }.Select(model => RunMlp(model, new float[8])).ToList());

        Assert.Equal([3, 2, 3, 2, 3], together.Select(run => run.Rows));
    }

    [Fact]
    public async Task End_RowsOfDifferentLengths_ArePaddedForNobody()
    {
        await _engine.PushAsync("sequences", SequenceGraph.Build().ToBytes());
        using var lease = await AcquireAsync("sequences");
        await RunUntilShortAsync(() => RunSequence(lease, 3));

        var together = await GatherAsync(() => new[] { 3, 5, 3 }.Select(width => RunSequence(lease, width)).ToList());

        Assert.Equal([2, 1, 2], together.Select(run => run.Rows));
    }

    [Fact]
    public async Task End_OneOfManyWithDataThatFails_FailsAlone()
    {
        await _engine.PushAsync("lookup", OnnxGraphs.Lookup().ToBytes());
        using var lease = await AcquireAsync("lookup");
        await RunUntilShortAsync(() => RunLookup(lease, 0));

        _gathering.Begin();
        var runs = new[] { 1, 99, 2 }.Select(index => RunLookup(lease, index).AsTask()).ToList();
        _gathering.End();

        Assert.Equal(20, BitConverter.ToSingle((await runs[0]).Outputs[0].Data));
        Assert.Equal(ErrorKind.InvalidRequest, (await Assert.ThrowsAsync<InferenceException>(() => runs[1])).Error.Kind);
        Assert.Equal(30, BitConverter.ToSingle((await runs[2]).Outputs[0].Data));
        Assert.Equal(1, lease.Statistics.Fail.Count);
    }

    [Fact]
    public async Task End_CallersThatCallAgain_RunTogetherAgain()
    {
        using var lease = await LoadMlpAsync();

        _gathering.Begin();
        var first = CallTwiceAsync();
        var second = CallTwiceAsync();
        _gathering.End();

        var rows = (await first).Concat(await second);
        Assert.Equal([2, 2, 2, 2], rows);

        async Task<int[]> CallTwiceAsync()
        {
            using var one = await RunMlp(lease, new float[8]);
            using var two = await RunMlp(lease, new float[8]);
            return [one.Rows, two.Rows];
        }
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private async Task<List<RunOutcome>> GatherAsync(Func<List<ValueTask<RunOutcome>>> call)
    {
        _gathering.Begin();
        var runs = call();
        Assert.All(runs, run => Assert.False(run.IsCompleted));
        _gathering.End();
        var outcomes = new List<RunOutcome>();
        foreach (var run in runs)
            outcomes.Add(await run);
        return outcomes;
    }

    private async Task<ModelLease> LoadMlpAsync(string name = "mlp")
    {
        await _engine.PushAsync(name, OnnxGraphs.Mlp(8, 16, 4).ToBytes());
        var lease = await AcquireAsync(name);
        await RunUntilShortAsync(() => RunMlp(lease, new float[8]));
        return lease;
    }

    // What no run has shown yet is taken for long.
    private static async Task RunUntilShortAsync(Func<ValueTask<RunOutcome>> run)
    {
        for (var i = 0; i < 8; i++)
            (await run()).Dispose();
    }

    private static ValueTask<RunOutcome> RunMlp(ModelLease lease, float[] values) =>
        lease.RunAsync([Engine.Fp32("x", [values.Length / 8, 8], values)], ["y"], RunTerms.Default, Token);

    private static ValueTask<RunOutcome> RunSlow(ModelLease lease, long count, CancellationToken leaving) =>
        lease.RunAsync([Engine.Int64("count", [], count), Engine.Fp32("start", [1], [0])], lease.Signature.Outputs.Select(output => output.Name).ToArray(), RunTerms.Default, leaving);

    private static ValueTask<RunOutcome> RunLookup(ModelLease lease, long index) =>
        lease.RunAsync([Engine.Int64("index", [1], index)], ["value"], RunTerms.Default, Token);

    private static ValueTask<RunOutcome> RunSequence(ModelLease lease, int width) => lease.RunAsync(
        [Engine.Int64("attention_mask", [1, width], [.. Enumerable.Repeat(1L, width)]), Engine.Int64("ids", [1, width], new long[width])],
        ["largest", "twice"], RunTerms.Default, Token);

    private static float[] Answer(ValueTask<RunOutcome> run) => Answer(run.Result);

    private static float[] Answer(RunOutcome outcome)
    {
        using (outcome)
            return MemoryMarshal.Cast<byte, float>(outcome.Outputs[0].Data).ToArray();
    }

    private Task<ModelLease> AcquireAsync(string model) => _engine.Registry.AcquireAsync(new ModelReference(model), Token);

    /// <summary>A microsecond between any two looks.</summary>
    private sealed class ShortSteps : TimeProvider
    {
        private long _ticks;

        public override long GetTimestamp() => Interlocked.Add(ref _ticks, TimeSpan.TicksPerMicrosecond);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }
}
