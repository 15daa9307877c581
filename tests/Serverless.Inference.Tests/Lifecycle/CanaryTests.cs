using Serverless.Contracts.Models;
using Serverless.Inference.Lifecycle;
using Serverless.Models.Aliases;

namespace Serverless.Inference.Tests.Lifecycle;

/// <summary>An alias of version 1, which doubles, whose canary is version 2, which trebles.</summary>
public sealed class CanaryTests : IAsyncLifetime
{
    private static readonly ModelReference Prod = new("m", Alias: "prod");

    private readonly Engine _engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _engine.PushScaleAsync("m", 2);
        await _engine.PushScaleAsync("m", 3);
        await _engine.Store.SetAliasAsync("m", "prod", 1, null, Token);
    }

    [Fact]
    public async Task Acquire_Split_FollowsTheWeight()
    {
        await SplitAsync(30);

        var answers = await AnswersAsync(1000);

        Assert.InRange(answers.Count(answer => answer == 3), 250, 350);
        Assert.All(answers, answer => Assert.True(answer is 2 or 3));
    }

    [Fact]
    public async Task Acquire_MoreWeight_LeavesWhomTheCanaryHas()
    {
        await SplitAsync(20);
        var few = await AnswersAsync(200);
        await SplitAsync(60);

        var many = await AnswersAsync(200);

        Assert.All(few.Zip(many), pair => Assert.True(pair.First == 2 || pair.Second == 3));
        Assert.True(many.Count(answer => answer == 3) > few.Count(answer => answer == 3));
    }

    [Fact]
    public async Task Acquire_WithoutASlice_IsWhereTheAliasPoints()
    {
        await SplitAsync(99);

        for (var i = 0; i < 20; i++)
            Assert.Equal(2, await _engine.ScaleOfOneAsync("m:prod"));
    }

    [Fact]
    public async Task Acquire_CanaryCannotBeLoaded_IsWhereTheAliasPointsAndSaysSo()
    {
        var hash = await _engine.DamageAsync("m", 2);
        await SplitAsync(99);

        var answers = await AnswersAsync(100);

        Assert.All(answers, answer => Assert.Equal(2, answer));
        using var lease = await _engine.Registry.AcquireAsync(Prod, Token);
        Assert.Equal(2, lease.FailedVersion?.Version);
        Assert.Contains(hash, lease.FailedVersion?.Reason, StringComparison.Ordinal);
        var warning = Assert.Single(_engine.Log.GetSnapshot(), record => record.Id.Id == 10);
        Assert.Contains("version 1 is served", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acquire_CanaryIsRepaired_GetsItsPart()
    {
        await _engine.DamageAsync("m", 2);
        await SplitAsync(50);
        Assert.DoesNotContain(3, await AnswersAsync(50));
        await _engine.RepairAsync("m", 2);
        _engine.Time.Advance(TimeSpan.FromMinutes(2));

        await _engine.Registry.LoadAsync(Prod, Token);

        Assert.Contains(3, await AnswersAsync(50));
        using var lease = await _engine.Registry.AcquireAsync(Prod, Token);
        Assert.Null(lease.FailedVersion);
    }

    [Fact]
    public async Task Acquire_CanaryMadeRoomAndCannotComeBack_IsWhereTheAliasPoints()
    {
        await SplitAsync(99);
        await _engine.DamageAsync("m", 2);
        _engine.Registry.Unload(new ModelReference("m", 2));

        var answers = await AnswersAsync(20);

        Assert.All(answers, answer => Assert.Equal(2, answer));
    }

    [Fact]
    public async Task Acquire_FirstRequest_DoesNotWaitForTheCanary()
    {
        await _engine.Store.SetCanaryAsync("m", "prod", new AliasCanary(2, 99), Token);
        var canary = await _engine.Store.FindManifestAsync("m", 2, Token);
        _engine.Store.Gated = content => content.StoredSha256 == canary!.Graph.StoredSha256;
        _engine.Store.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var answer = await AnswerAsync(TrafficSlice.Of("m", null, "key")).WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Equal(2, answer);
        _engine.Store.Gate.SetResult();
    }

    [Fact]
    public async Task Load_Promoted_LeavesTheCanaryAlone()
    {
        await SplitAsync(10);
        await _engine.Store.PromoteCanaryAsync("m", "prod", Token);

        await _engine.Registry.LoadAsync(Prod, Token);

        Assert.All(await AnswersAsync(50), answer => Assert.Equal(3, answer));
        Assert.False(_engine.Registry.IsLoaded(new ModelReference("m", 1)));
        Assert.True(_engine.Registry.IsLoaded(new ModelReference("m", 2)));
    }

    [Fact]
    public async Task Load_RolledBack_UnloadsTheCanary()
    {
        await SplitAsync(50);
        await _engine.Store.RollBackAliasAsync("m", "prod", Token);

        await _engine.Registry.LoadAsync(Prod, Token);

        Assert.All(await AnswersAsync(50), answer => Assert.Equal(2, answer));
        Assert.False(_engine.Registry.IsLoaded(new ModelReference("m", 2)));
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private async Task SplitAsync(int weight)
    {
        await _engine.Store.SetCanaryAsync("m", "prod", new AliasCanary(2, weight), Token);
        await _engine.Registry.LoadAsync(Prod, Token);
    }

    private async Task<List<float>> AnswersAsync(int count)
    {
        var answers = new List<float>();
        for (var i = 0; i < count; i++)
            answers.Add(await AnswerAsync(TrafficSlice.Of("m", "tenant", $"key {i}")));
        return answers;
    }

    private async Task<float> AnswerAsync(TrafficSlice slice)
    {
        using var lease = _engine.Registry.TryAcquire(Prod, slice) ?? await _engine.Registry.AcquireAsync(Prod, slice, Token);
        return await Engine.ScaleOfOneAsync(lease);
    }
}
