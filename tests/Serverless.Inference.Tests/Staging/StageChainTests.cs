using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Execution;
using Serverless.Models.Manifest;
using Serverless.TestKit.Onnx;
using static Onnx.TensorProto.Types;

namespace Serverless.Inference.Tests.Staging;

/// <summary>A model in two stages: <c>h = 2 · x</c>, then <c>y = 3 · h</c>.</summary>
public sealed class StageChainTests : IAsyncDisposable
{
    private static readonly ModelReference Second = new("m.stage-2", 1);

    private readonly FakeStage _elsewhere = new();
    private Engine? _engine;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_StagesHere_AnswerAsOne()
    {
        await PushAsync();

        Assert.Equal([6, 12], await RunAsync([1, 2], "y"));
        Assert.True(_engine!.Registry.IsLoaded(Second));
    }

    [Fact]
    public async Task Run_ValuesOfAnEarlierStageAndOfTheRequest_ReachWhoReadsThem()
    {
        _engine = new Engine();
        await _engine.PushAsync("m.stage-2", Graph("h", "g", 3).ToBytes());
        await _engine.PushAsync("m.stage-3", new OnnxGraph()
            .Input("x", DataType.Float, "n", 1).Input("h", DataType.Float, "n", 1).Input("g", DataType.Float, "n", 1)
            .Output("y", DataType.Float, "n", 1).Node("Sub", "g h", "d").Node("Mul", "d x", "y").ToBytes());
        await PushFirstAsync(
            Later("m.stage-2:1", [Value("h")], [Value("g")]),
            Later("m.stage-3:1", [Value("x"), Value("h"), Value("g")], [Value("y")]));

        Assert.Equal([4, 16], await RunAsync([1, 2], "y"));
        Assert.Equal([6, 2], await RunAsync([1], "g", "h"));
    }

    [Fact]
    public async Task Run_ForAnOutputOfTheFirstStage_LeavesTheOthersAlone()
    {
        await PushAsync();

        Assert.Equal([2, 4], await RunAsync([1, 2], "h"));
        Assert.False(_engine!.Registry.IsLoaded(Second));
    }

    [Fact]
    public async Task Load_StagesHere_LoadsThemToo()
    {
        await PushAsync();

        await _engine!.Registry.LoadAsync(new ModelReference("m"), Token);

        Assert.True(_engine.Registry.IsLoaded(Second));
    }

    [Fact]
    public async Task Run_StageElsewhere_GoesThereOnTheSameTerms()
    {
        await PushAsync("second");
        var terms = new RunTerms(_engine!.Time.GetTimestamp() + _engine.Time.TimestampFrequency, RunPriority.Batch, "team");

        using var outcome = await RunAsync([1, 2], ["y"], terms);

        Assert.Equal([6, 12], Numbers(outcome.Outputs[0]));
        Assert.Equal("m.stage-2:1 at second", _elsewhere.Asked);
        Assert.Equal(terms, Assert.Single(_elsewhere.Calls).Terms);
        Assert.False(_engine.Registry.IsLoaded(Second));
        Assert.Contains(_engine.Log.GetSnapshot(), record => record.Message == "Stage 2 of model m:1 is served by the workers 'second'");
    }

    [Fact]
    public async Task Run_PlaceWithoutAnAddress_RunsHere()
    {
        await PushAsync("third");

        Assert.Equal([6, 12], await RunAsync([1, 2], "y"));
        Assert.Empty(_elsewhere.Calls);
    }

    [Fact]
    public async Task Run_RowsWithAStageElsewhere_GoAsMicroBatchesThatOverlap()
    {
        await PushAsync("second", maxBatch: 8);
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _elsewhere.Before = cancellation =>
        {
            // The first part waits in the second stage until the first stage has made another one.
            if (_elsewhere.Calls.Count > 1)
                both.TrySetResult();
            return both.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellation);
        };

        var answer = await RunAsync([.. Enumerable.Range(1, 20).Select(number => (float)number)], "y");

        Assert.Equal(Enumerable.Range(1, 20).Select(number => 6f * number), answer);
        Assert.Equal(8, _elsewhere.Calls.Count);
        Assert.Equal(20, _elsewhere.Calls.Sum(call => call.Rows));
        Assert.Equal(2, _elsewhere.Most);
    }

    [Fact]
    public async Task Run_OneOfTheMicroBatchesFails_IsTheRequestsError()
    {
        await PushAsync("second", maxBatch: 8);
        _elsewhere.Before = cancellation => _elsewhere.Calls.Count == 3
            ? Task.FromException(new InferenceException(ErrorKind.ModelUnavailable, "The stage is away."))
            : Task.Delay(_elsewhere.Calls.Count > 3 ? Timeout.Infinite : 0, cancellation);

        var error = await Assert.ThrowsAsync<InferenceException>(() => RunAsync(new float[20], "y"));

        Assert.Equal("The stage is away.", error.Message);
    }

    [Fact]
    public async Task Run_CallerLeaves_EndsTheStageElsewhere()
    {
        await PushAsync("second");
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _elsewhere.Before = async cancellation =>
        {
            await leaving.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancellation);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync([1], ["y"], RunTerms.Default, leaving.Token));
    }

    [Fact]
    public async Task Run_MoreRequestsThanMayBeInTheStages_AreRefusedUntilOneHasLeft()
    {
        _engine = new Engine(options => options.Serving = options.Serving with { QueueRows = 1 }, stageWorkers: _elsewhere);
        await PushAsync("second");
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _elsewhere.Before = answered.Task.WaitAsync;
        var first = RunAsync([1], "y");
        await Until.TrueAsync(() => _elsewhere.Calls.Count == 1);

        var error = await Assert.ThrowsAsync<InferenceException>(() => RunAsync([1], "y"));
        answered.SetResult();

        Assert.Equal(ErrorKind.Overloaded, error.Error.Kind);
        Assert.NotNull(error.Error.RetryAfter);
        Assert.Equal([6], await first);
        Assert.Equal([6], await RunAsync([1], "y"));
    }

    [Fact]
    public async Task Run_StageThatWasDeleted_IsUnavailableAndNamed()
    {
        await PushAsync();
        await _engine!.Store.DeleteVersionAsync("m.stage-2", 1, Token);

        var error = await Assert.ThrowsAsync<InferenceException>(() => RunAsync([1], "y"));

        Assert.Equal(ErrorKind.ModelUnavailable, error.Error.Kind);
        Assert.Contains("The stage m.stage-2:1 is not in the store", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_StageThatIsInStagesItself_IsRefused()
    {
        _engine = new Engine();
        await _engine.PushAsync("n.stage-2", Graph("y", "z", 3).ToBytes());
        await PushFirstAsync("m.stage-2", Graph("h", "y", 3), ["h"], ["z"], Later("n.stage-2:1", [Value("y")], [Value("z")]));
        await PushFirstAsync(Later("m.stage-2:1", [Value("h")], [Value("y")]));

        var error = await Assert.ThrowsAsync<InferenceException>(() => RunAsync([1], "y"));

        Assert.Contains("m.stage-2:1 is in stages itself", error.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
    }

    private static OnnxGraph Graph(string input, string output, float factor) => new OnnxGraph()
        .Input(input, DataType.Float, "n", 1).Output(output, DataType.Float, "n", 1)
        .Weights("factor", [factor], 1).Node("Mul", $"{input} factor", output);

    private static TensorSignature Value(string name) => new(name, "FP32", [-1, 1]);

    private static StageRecord Later(string package, TensorSignature[] inputs, TensorSignature[] outputs) => new(1, inputs, outputs) { Package = package };

    private static float[] Numbers(Inference.Tensors.Tensor tensor) =>
        [.. Enumerable.Range(0, (int)tensor.Count).Select(i => BitConverter.ToSingle(tensor.Data[(i * sizeof(float))..]))];

    private async Task PushAsync(string? place = null, int maxBatch = 1)
    {
        _engine ??= new Engine(stageWorkers: _elsewhere);
        _engine.MaxBatch = maxBatch;
        await _engine.PushAsync("m.stage-2", Graph("h", "y", 3).ToBytes());
        await PushFirstAsync(Later("m.stage-2:1", [Value("h")], [Value("y")]) with { Place = place, MaxBatch = maxBatch });
    }

    private Task PushFirstAsync(params StageRecord[] later) =>
        PushFirstAsync("m", Graph("x", "h", 2), ["x"], [.. later.SelectMany(stage => stage.Outputs).Select(output => output.Name), "h"], later);

    private async Task PushFirstAsync(string name, OnnxGraph graph, string[] inputs, string[] outputs, params StageRecord[] later)
    {
        _engine!.Finish = draft => draft with
        {
            Inputs = [.. inputs.Select(Value)],
            Outputs = [.. outputs.Select(Value)],
            Stages = [new StageRecord(_engine.MaxBatch, draft.Inputs, draft.Outputs), .. later],
        };
        await _engine.PushAsync(name, graph.ToBytes());
        _engine.Finish = draft => draft;
    }

    // All outputs asked for, one after another.
    private async Task<List<float>> RunAsync(float[] rows, params string[] outputs)
    {
        using var outcome = await RunAsync(rows, outputs, RunTerms.Default);
        return [.. outcome.Outputs.SelectMany(Numbers)];
    }

    private async Task<RunOutcome> RunAsync(float[] rows, string[] outputs, RunTerms terms, CancellationToken? cancellation = null)
    {
        using var lease = await _engine!.Registry.AcquireAsync(new ModelReference("m"), Token);
        return await lease.RunAsync([Engine.Fp32("x", [rows.Length, 1], rows)], outputs, terms, cancellation ?? Token);
    }
}
