using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;

namespace Serverless.Inference.Tests.Lifecycle;

public sealed class AliasTests : IAsyncDisposable
{
    private readonly Engine _engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Acquire_Alias_IsTheVersionItPointsTo()
    {
        await PushAsync(2, 3, 4);
        await PointAsync("prod", 2);

        Assert.Equal(3, await _engine.ScaleOfOneAsync("m:prod"));
        Assert.Equal(4, await _engine.ScaleOfOneAsync("m"));
        Assert.Equal(4, await _engine.ScaleOfOneAsync("m:latest"));
    }

    [Fact]
    public async Task Acquire_AliasMoved_IsFollowed()
    {
        await PushAsync(2, 3);
        await PointAsync("prod", 1);
        Assert.Equal(2, await _engine.ScaleOfOneAsync("m:prod"));
        await PointAsync("prod", 2);
        Assert.Equal(2, await _engine.ScaleOfOneAsync("m:prod"));

        await _engine.Registry.LoadAsync(new ModelReference("m", Alias: "prod"), Token);

        Assert.Equal(3, await _engine.ScaleOfOneAsync("m:prod"));
    }

    [Fact]
    public async Task Acquire_AliasOfADamagedVersion_FallsBackToWhereItPointedBefore()
    {
        await PushAsync(2, 3, 4);
        await PointAsync("prod", 1);
        await PointAsync("prod", 3);
        var hash = await _engine.DamageAsync("m", 3);

        using var lease = await _engine.Registry.AcquireAsync(ModelReference.Parse("m:prod"), Token);

        // Not version 2, which nobody ever called good.
        Assert.Equal(1, lease.Manifest.Version);
        Assert.Equal(3, lease.FailedVersion?.Version);
        Assert.Contains(hash, lease.FailedVersion?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acquire_AliasThatNeverPointedElsewhere_HasNothingToFallBackTo()
    {
        await PushAsync(2, 3);
        await PointAsync("prod", 2);
        var hash = await _engine.DamageAsync("m", 2);

        var error = await Assert.ThrowsAsync<InferenceException>(() => _engine.ScaleOfOneAsync("m:prod"));

        Assert.Equal(ErrorKind.ModelUnavailable, error.Error.Kind);
        Assert.Contains(hash, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switch_NewestMovesOn_LeavesAVersionThatAnAliasServes()
    {
        await PushAsync(2);
        await PointAsync("prod", 1);
        Assert.Equal(2, await _engine.ScaleOfOneAsync("m:prod"));
        Assert.Equal(2, await _engine.ScaleOfOneAsync("m"));
        await PushAsync(3);

        await _engine.Registry.LoadAsync(new ModelReference("m"), Token);

        Assert.True(_engine.Registry.IsLoaded(new ModelReference("m", 1)));
        Assert.True(_engine.Registry.IsLoaded(new ModelReference("m", 2)));
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private async Task PushAsync(params float[] factors)
    {
        foreach (var factor in factors)
            await _engine.PushScaleAsync("m", factor);
    }

    private async Task PointAsync(string alias, int version) =>
        Assert.NotNull(await _engine.Store.SetAliasAsync("m", alias, version, null, Token));
}
