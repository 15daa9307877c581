using Microsoft.Extensions.Time.Testing;
using Serverless.Contracts.Errors;
using Serverless.Models.Aliases;
using Serverless.Models.Integrity;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Rejections;
using Serverless.Models.Storage;

namespace Serverless.Models.Tests.Storage;

/// <summary>What aliases must do in every store.</summary>
public abstract class AliasContract : IDisposable
{
    private readonly Packages _packages = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2030-01-01T00:00:00Z", null));

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract IObjectStorage Storage { get; }

    private ModelStore Store => field ??= new ModelStore(Storage, _time);

    [Fact]
    public async Task Set_SeveralTimes_KeepsTheHistory()
    {
        await PublishAsync(3);
        await SetAsync("prod", 1);
        _time.Advance(TimeSpan.FromHours(1));
        await SetAsync("prod", 3);
        await SetAsync("canary", 2);

        var prod = await Store.FindAliasAsync("m", "prod", Token);

        Assert.Equal(3, prod?.Version);
        Assert.Equal([1, 3], prod!.History.Select(move => move.Version));
        Assert.Equal(TimeSpan.FromHours(1), prod.History[1].At - prod.History[0].At);
        Assert.Equal(["canary", "prod"], (await Store.ListAliasesAsync("m", Token)).Select(alias => alias.Alias));
        Assert.Empty(await Store.ListAliasesAsync("n", Token));
        Assert.Null(await Store.FindAliasAsync("m", "other", Token));
    }

    [Fact]
    public async Task Set_StateHasChangedSince_MovesNothing()
    {
        await PublishAsync(3);
        var first = await SetAsync("prod", 1);
        await SetAsync("prod", 2);

        var moved = await Store.SetAliasAsync("m", "prod", 3, first.ETag, Token);

        Assert.Null(moved);
        Assert.Equal(2, (await Store.FindAliasAsync("m", "prod", Token))?.Version);
    }

    [Fact]
    public async Task Set_StateIsTheOneSeen_Moves()
    {
        await PublishAsync(2);
        var first = await SetAsync("prod", 1);

        var moved = await Store.SetAliasAsync("m", "prod", 2, first.ETag, Token);

        Assert.Equal(2, moved?.Version);
        Assert.NotEqual(first.ETag, moved?.ETag);
    }

    [Fact]
    public async Task Set_ManyAtOnce_LosesNoMove()
    {
        await PublishAsync(6);

        await Task.WhenAll(Enumerable.Range(1, 6).Select(version => Task.Run(() => SetAsync("prod", version), Token)));

        var history = (await Store.FindAliasAsync("m", "prod", Token))!.History.Select(move => move.Version);
        Assert.Equal(Enumerable.Range(1, 6), history.Order());
    }

    [Theory]
    [InlineData("latest", 1, ErrorKind.InvalidRequest)]
    [InlineData("1st", 1, ErrorKind.InvalidRequest)]
    [InlineData("Prod", 1, ErrorKind.InvalidRequest)]
    [InlineData("../prod", 1, ErrorKind.InvalidRequest)]
    [InlineData("prod", 9, ErrorKind.ModelNotFound)]
    public async Task Set_BadNameOrVersion_IsRefused(string alias, int version, ErrorKind expected)
    {
        await PublishAsync(1);

        var error = await Assert.ThrowsAsync<InferenceException>(() => SetAsync(alias, version));

        Assert.Equal(expected, error.Error.Kind);
        Assert.Empty(await Store.ListAliasesAsync("m", Token));
    }

    [Fact]
    public async Task RollBack_SeveralTimes_GoesFurtherBack()
    {
        await PublishAsync(4);
        foreach (var version in new[] { 1, 2, 3 })
            await SetAsync("prod", version);

        var first = await Store.RollBackAliasAsync("m", "prod", Token);
        var second = await Store.RollBackAliasAsync("m", "prod", Token);
        var error = await Assert.ThrowsAsync<InferenceException>(() => Store.RollBackAliasAsync("m", "prod", Token));
        await SetAsync("prod", 4);
        var third = await Store.RollBackAliasAsync("m", "prod", Token);

        Assert.Equal((2, 1, 1), (first.Version, second.Version, third.Version));
        Assert.True(first.History[^1].IsRollback);
        Assert.Equal(ErrorKind.Conflict, error.Error.Kind);
    }

    [Fact]
    public async Task RollBack_VersionBeforeIsGone_GoesToTheOneBeforeThat()
    {
        await PublishAsync(3);
        foreach (var version in new[] { 1, 2, 3 })
            await SetAsync("prod", version);
        await Store.DeleteVersionAsync("m", 2, Token);

        Assert.Equal(1, (await Store.RollBackAliasAsync("m", "prod", Token)).Version);
    }

    [Fact]
    public async Task RollBack_NoSuchAlias_IsRefused()
    {
        await PublishAsync(1);

        var error = await Assert.ThrowsAsync<InferenceException>(() => Store.RollBackAliasAsync("m", "prod", Token));

        Assert.Equal(ErrorKind.ModelNotFound, error.Error.Kind);
    }

    [Fact]
    public async Task SetCanary_TwoTimes_KeepsTheSecond()
    {
        await PublishAsync(3);
        await SetAsync("prod", 1);
        await Store.SetCanaryAsync("m", "prod", new AliasCanary(2, 10), Token);

        var split = await Store.SetCanaryAsync("m", "prod", new AliasCanary(3, 20), Token);

        Assert.Equal((1, new AliasCanary(3, 20)), (split.Version, split.Canary));
        Assert.Equal(ModelAlias.SplitFormat, split.Format);
        Assert.Equal([1], split.History.Select(move => move.Version));
        Assert.Equal(split.ETag, (await Store.FindAliasAsync("m", "prod", Token))?.ETag);
    }

    [Theory]
    [InlineData("prod", 2, 0, ErrorKind.InvalidRequest)]
    [InlineData("prod", 2, 100, ErrorKind.InvalidRequest)]
    [InlineData("prod", 1, 10, ErrorKind.InvalidRequest)]
    [InlineData("prod", 9, 10, ErrorKind.ModelNotFound)]
    [InlineData("other", 2, 10, ErrorKind.ModelNotFound)]
    public async Task SetCanary_ThatCannotBe_IsRefused(string alias, int version, int weight, ErrorKind expected)
    {
        await PublishAsync(2);
        await SetAsync("prod", 1);

        var error = await Assert.ThrowsAsync<InferenceException>(
            () => Store.SetCanaryAsync("m", alias, new AliasCanary(version, weight), Token));

        Assert.Equal(expected, error.Error.Kind);
        Assert.Null((await Store.FindAliasAsync("m", "prod", Token))?.Canary);
    }

    [Fact]
    public async Task SetCanary_NumberOfARejectedCandidate_IsRefusedAndSaysWhy()
    {
        await PublishAsync(1);
        await SetAsync("prod", 1);
        var number = 1 + await new RejectionBook(Store).AddAsync("m", new LineageRecord(1, [], []), Token);

        var error = await Assert.ThrowsAsync<InferenceException>(
            () => Store.SetCanaryAsync("m", "prod", new AliasCanary(number, 10), Token));

        Assert.Contains("rejected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promote_Canary_IsWhereTheAliasPoints()
    {
        await PublishAsync(2);
        await SetAsync("prod", 1);
        await Store.SetCanaryAsync("m", "prod", new AliasCanary(2, 10), Token);

        var promoted = await Store.PromoteCanaryAsync("m", "prod", Token);
        var error = await Assert.ThrowsAsync<InferenceException>(() => Store.PromoteCanaryAsync("m", "prod", Token));
        var back = await Store.RollBackAliasAsync("m", "prod", Token);

        Assert.Equal((2, null, null), (promoted.Version, promoted.Canary, promoted.Format));
        Assert.Equal([1, 2], promoted.History.Select(move => move.Version));
        Assert.Equal(ErrorKind.Conflict, error.Error.Kind);
        Assert.Equal(1, back.Version);
    }

    [Fact]
    public async Task RollBack_CanaryRuns_EndsItAndGoesNoFurther()
    {
        await PublishAsync(3);
        await SetAsync("prod", 1);
        await SetAsync("prod", 2);
        await Store.SetCanaryAsync("m", "prod", new AliasCanary(3, 10), Token);

        var first = await Store.RollBackAliasAsync("m", "prod", Token);
        var second = await Store.RollBackAliasAsync("m", "prod", Token);

        Assert.Equal((2, null), (first.Version, first.Canary));
        Assert.Equal(1, second.Version);
    }

    [Fact]
    public async Task Set_WhereItPointsAlready_EndsTheCanary()
    {
        await PublishAsync(2);
        await SetAsync("prod", 1);
        await Store.SetCanaryAsync("m", "prod", new AliasCanary(2, 10), Token);

        var set = await SetAsync("prod", 1);

        Assert.Null(set.Canary);
        Assert.Single(set.History);
    }

    [Fact]
    public async Task SetCanary_AliasIsMovedMeanwhile_NeitherIsLost()
    {
        await PublishAsync(4);
        await SetAsync("prod", 1);

        await Task.WhenAll(
            Task.Run(() => Store.SetCanaryAsync("m", "prod", new AliasCanary(4, 10), Token), Token),
            Task.Run(() => Store.SetCanaryAsync("m", "prod", new AliasCanary(3, 10), Token), Token),
            Task.Run(() => SetAsync("prod", 2), Token));

        Assert.Equal([1, 2], (await Store.FindAliasAsync("m", "prod", Token))!.History.Select(move => move.Version));
    }

    [Fact]
    public async Task SetShadow_BesideACanary_StaysUntilTheAliasIsMoved()
    {
        await PublishAsync(3);
        await SetAsync("prod", 1);
        await Store.SetCanaryAsync("m", "prod", new AliasCanary(2, 10), Token);

        var both = await Store.SetShadowAsync("m", "prod", new AliasShadow(3, 100), Token);
        var refused = await Assert.ThrowsAsync<InferenceException>(() => Store.DeleteVersionAsync("m", 3, Token));
        var rolledBack = await Store.RollBackAliasAsync("m", "prod", Token);
        var moved = await SetAsync("prod", 2);

        Assert.Equal((new AliasCanary(2, 10), new AliasShadow(3, 100)), (both.Canary, both.Shadow));
        Assert.Equal(ErrorKind.Conflict, refused.Error.Kind);
        Assert.Equal((1, null, new AliasShadow(3, 100)), (rolledBack.Version, rolledBack.Canary, rolledBack.Shadow));
        Assert.Equal((2, null, null), (moved.Version, moved.Shadow, moved.Format));
    }

    [Fact]
    public async Task SetShadow_Null_EndsIt()
    {
        await PublishAsync(2);
        await SetAsync("prod", 1);
        await Store.SetShadowAsync("m", "prod", new AliasShadow(2, 10), Token);

        var ended = await Store.SetShadowAsync("m", "prod", null, Token);

        Assert.Null(ended.Shadow);
    }

    [Theory]
    [InlineData(2, 0, ErrorKind.InvalidRequest)]
    [InlineData(2, 101, ErrorKind.InvalidRequest)]
    [InlineData(1, 10, ErrorKind.InvalidRequest)]
    [InlineData(9, 10, ErrorKind.ModelNotFound)]
    public async Task SetShadow_ThatCannotBe_IsRefused(int version, int share, ErrorKind expected)
    {
        await PublishAsync(2);
        await SetAsync("prod", 1);

        var error = await Assert.ThrowsAsync<InferenceException>(
            () => Store.SetShadowAsync("m", "prod", new AliasShadow(version, share), Token));

        Assert.Equal(expected, error.Error.Kind);
    }

    [Fact]
    public async Task Delete_VersionThatIsACanary_IsRefused()
    {
        await PublishAsync(2);
        await SetAsync("prod", 1);
        await Store.SetCanaryAsync("m", "prod", new AliasCanary(2, 10), Token);

        await Assert.ThrowsAsync<InferenceException>(() => Store.DeleteVersionAsync("m", 2, Token));
    }

    [Fact]
    public async Task Delete_VersionThatAnAliasNames_IsRefused()
    {
        await PublishAsync(2);
        await SetAsync("prod", 1);

        var error = await Assert.ThrowsAsync<InferenceException>(() => Store.DeleteVersionAsync("m", 1, Token));

        Assert.Contains("'prod'", error.Message, StringComparison.Ordinal);
        Assert.Equal([2, 1], await Store.ListVersionsAsync("m", Token));
        Assert.True(await Store.DeleteModelAsync("m", Token));
        Assert.Null(await Store.FindAliasAsync("m", "prod", Token));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"alias":"canary","version":1,"history":[{"version":1,"at":"2030-01-01T00:00:00Z","isRollback":false}]}""")]
    [InlineData("""{"alias":"prod","version":1,"history":[]}""")]
    [InlineData("""{"format":3,"alias":"prod","version":1,"history":[{"version":1,"at":"2030-01-01T00:00:00Z"}]}""")]
    [InlineData("""{"format":2,"alias":"prod","version":1,"canary":{"version":2,"weight":100},"history":[{"version":1,"at":"2030-01-01T00:00:00Z"}]}""")]
    [InlineData("""{"format":2,"alias":"prod","version":1,"canary":{"version":1,"weight":10},"history":[{"version":1,"at":"2030-01-01T00:00:00Z"}]}""")]
    public async Task Find_Damaged_IsRefusedByName(string json)
    {
        await PublishAsync(1);
        await Storage.TryCreateAsync(ModelLayout.Alias("m", "prod"), System.Text.Encoding.UTF8.GetBytes(json), Token);

        var error = await Assert.ThrowsAsync<ModelIntegrityException>(() => Store.FindAliasAsync("m", "prod", Token));

        Assert.Contains("m:prod", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_WrittenBeforeThereWereCanaries_IsRead()
    {
        await PublishAsync(1);
        var json = """{"alias":"prod","version":1,"history":[{"version":1,"at":"2030-01-01T00:00:00Z","isRollback":false}]}"""u8.ToArray();
        await Storage.TryCreateAsync(ModelLayout.Alias("m", "prod"), json, Token);

        var found = await Store.FindAliasAsync("m", "prod", Token);

        Assert.Equal((1, null, null), (found?.Version, found?.Canary, found?.Format));
    }

    public virtual void Dispose()
    {
        _packages.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task PublishAsync(int versions)
    {
        for (var version = 1; version <= versions; version++)
            await new ModelPublisher(Store).PublishAsync(_packages.Graph("m", $"graph {version}"), cancellationToken: Token);
    }

    private async Task<ModelAlias> SetAsync(string alias, int version) =>
        (await Store.SetAliasAsync("m", alias, version, null, Token))!;
}
