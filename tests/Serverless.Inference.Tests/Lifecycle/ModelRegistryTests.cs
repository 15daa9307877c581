using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;

namespace Serverless.Inference.Tests.Lifecycle;

public sealed class ModelRegistryTests : IAsyncDisposable
{
    private readonly Engine _engine = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Acquire_ManyAtOnce_LoadsOnce()
    {
        await _engine.PushScaleAsync("m", 2);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => _engine.ScaleOfOneAsync("m"), Token)));

        Assert.All(answers, answer => Assert.Equal(2, answer));
        Assert.Equal(1, _engine.Store.Copies);
    }

    [Fact]
    public async Task Acquire_OneWaiterLeaves_TheLoadServesTheOther()
    {
        await _engine.PushScaleAsync("m", 2);
        _engine.Store.Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var leaving = new CancellationTokenSource();
        var left = _engine.Registry.AcquireAsync(new ModelReference("m"), leaving.Token);
        var stays = _engine.Registry.AcquireAsync(new ModelReference("m"), Token);
        await _engine.Store.CopyStarted.Task.WaitAsync(Token);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        _engine.Store.Gate.SetResult();

        using var lease = await stays;
        Assert.Equal(2, await Engine.ScaleOfOneAsync(lease));
        Assert.Equal(1, _engine.Store.Copies);
    }

    [Theory]
    [InlineData("nobody", "nobody")]
    [InlineData("m:7", "7")]
    [InlineData("m:production", "production")]
    public async Task Acquire_WhatDoesNotExist_IsNotFound(string model, string named)
    {
        await _engine.PushScaleAsync("m", 2);

        var error = await RefusedAsync(model);

        Assert.Equal(ErrorKind.ModelNotFound, error.Kind);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acquire_ModelPushedAfterItWasAskedFor_IsServedAtOnce()
    {
        Assert.Equal(ErrorKind.ModelNotFound, (await RefusedAsync("m")).Kind);
        Assert.Equal(ErrorKind.ModelNotFound, (await RefusedAsync("m:1")).Kind);

        await _engine.PushScaleAsync("m", 2);

        Assert.Equal(2, await _engine.ScaleOfOneAsync("m"));
        Assert.Equal(2, await _engine.ScaleOfOneAsync("m:1"));
    }

    [Fact]
    public async Task Acquire_NewestDamaged_ServesThePreviousAndShowsTheFailure()
    {
        await _engine.PushScaleAsync("m", 2);
        await _engine.PushScaleAsync("m", 3);
        var hash = await _engine.DamageAsync("m", 2);

        using var lease = await _engine.Registry.AcquireAsync(new ModelReference("m"), Token);

        Assert.Equal(1, lease.Manifest.Version);
        Assert.Equal(2, await Engine.ScaleOfOneAsync(lease));
        Assert.Equal(2, lease.FailedVersion?.Version);
        Assert.Contains(hash, lease.FailedVersion?.Reason, StringComparison.Ordinal);
        Assert.Contains(_engine.Log.GetSnapshot(), line => line.Message.Contains(hash, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Acquire_DamagedVersionByNumber_IsUnavailableNamingTheHash()
    {
        await _engine.PushScaleAsync("m", 2);
        await _engine.PushScaleAsync("m", 3);
        var hash = await _engine.DamageAsync("m", 2);

        var error = await RefusedAsync("m:2");

        Assert.Equal(ErrorKind.ModelUnavailable, error.Kind);
        Assert.Contains(hash, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.RetryAfter);
    }

    [Fact]
    public async Task Acquire_EveryVersionDamaged_IsUnavailableNamingTheNewest()
    {
        await _engine.PushScaleAsync("m", 2);
        await _engine.PushScaleAsync("m", 3);
        await _engine.DamageAsync("m", 1);
        var hash = await _engine.DamageAsync("m", 2);

        var error = await RefusedAsync("m");

        Assert.Equal(ErrorKind.ModelUnavailable, error.Kind);
        Assert.Contains(hash, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acquire_FailedLoad_IsTriedAgainAfterTheBackOffAndNotBefore()
    {
        await _engine.PushScaleAsync("m", 2);
        await _engine.DamageAsync("m", 1);
        await RefusedAsync("m");
        await _engine.RepairAsync("m", 1);

        var error = await RefusedAsync("m");
        Assert.Equal(1, _engine.Store.Copies);
        _engine.Time.Advance(error.RetryAfter!.Value);

        Assert.Equal(2, await _engine.ScaleOfOneAsync("m"));
        Assert.Equal(2, _engine.Store.Copies);
    }

    [Fact]
    public async Task Acquire_LoadsThatKeepFailing_AreTriedEverLessOften()
    {
        await _engine.PushScaleAsync("m", 2);
        await _engine.DamageAsync("m", 1);
        var waits = new List<double>();
        for (var attempt = 0; attempt < 8; attempt++)
        {
            var error = await RefusedAsync("m:1");
            waits.Add(error.RetryAfter!.Value.TotalSeconds);
            _engine.Time.Advance(error.RetryAfter.Value);
        }

        Assert.Equal([2, 4, 8, 16, 32, 60, 60, 60], waits);
    }

    [Fact]
    public async Task Acquire_NewVersionPushed_TakesOverWhenLoadedAndTheOldGoesWithItsLastRequest()
    {
        await _engine.PushScaleAsync("m", 2);
        using var old = await _engine.Registry.AcquireAsync(new ModelReference("m"), Token);
        await _engine.PushScaleAsync("m", 3);
        Assert.Equal(2, await _engine.ScaleOfOneAsync("m"));

        _engine.Time.Advance(TimeSpan.FromSeconds(3));
        await UntilAsync(async () => await _engine.ScaleOfOneAsync("m") == 3);

        Assert.Equal(2, await Engine.ScaleOfOneAsync(old));
        Assert.False(_engine.Registry.IsLoaded(new ModelReference("m", 1)));
        Assert.True(_engine.Registry.IsLoaded(new ModelReference("m", 2)));
    }

    [Fact]
    public async Task Acquire_NewVersionIsDamaged_TheOldKeepsServingWithoutAPause()
    {
        await _engine.PushScaleAsync("m", 2);
        Assert.Equal(2, await _engine.ScaleOfOneAsync("m"));
        await _engine.PushScaleAsync("m", 3);
        var hash = await _engine.DamageAsync("m", 2);
        _engine.Time.Advance(TimeSpan.FromSeconds(3));

        await UntilAsync(async () =>
        {
            using var lease = await _engine.Registry.AcquireAsync(new ModelReference("m"), Token);
            Assert.Equal(2, await Engine.ScaleOfOneAsync(lease));
            return lease.FailedVersion?.Reason.Contains(hash, StringComparison.Ordinal) == true;
        });
    }

    [Fact]
    public async Task Acquire_ModelDeleted_IsNotFoundSoon()
    {
        await _engine.PushScaleAsync("m", 2);
        Assert.Equal(2, await _engine.ScaleOfOneAsync("m"));
        await _engine.Store.DeleteModelAsync("m", Token);
        _engine.Time.Advance(TimeSpan.FromSeconds(3));

        await UntilAsync(async () =>
        {
            try
            {
                return await _engine.ScaleOfOneAsync("m") < 0;
            }
            catch (InferenceException error) when (error.Error.Kind == ErrorKind.ModelNotFound)
            {
                return true;
            }
        });
    }

    [Fact]
    public async Task Acquire_MoreModelsThanFit_UnloadsTheLeastRecentlyUsed()
    {
        await using var engine = new Engine(options => options.MaxLoadedModels = 2);
        foreach (var name in new[] { "a", "b", "c" })
            await engine.PushScaleAsync(name, 2);
        foreach (var name in new[] { "a", "b", "a", "c" })
        {
            await engine.ScaleOfOneAsync(name);
            engine.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(
            [true, false, true], new[] { "a", "b", "c" }.Select(name => engine.Registry.IsLoaded(new ModelReference(name))));
        Assert.Equal(2, await engine.ScaleOfOneAsync("b"));
    }

    [Fact]
    public async Task Acquire_NoRoomBesideModelsInUse_IsUnavailable()
    {
        await using var engine = new Engine(options => options.MaxLoadedModels = 1);
        await engine.PushScaleAsync("a", 2);
        await engine.PushScaleAsync("b", 3);
        using var lease = await engine.Registry.AcquireAsync(new ModelReference("a"), Token);

        var asked = engine.Registry.AcquireAsync(new ModelReference("b"), Token);
        await UntilAsync(() =>
        {
            engine.Time.Advance(TimeSpan.FromSeconds(30));
            return Task.FromResult(asked.IsCompleted);
        });
        var error = await Assert.ThrowsAsync<InferenceException>(() => asked);

        Assert.Equal(ErrorKind.ModelUnavailable, error.Error.Kind);
        Assert.Contains("in use", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, await Engine.ScaleOfOneAsync(lease));
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private async Task<InferenceError> RefusedAsync(string model) =>
        (await Assert.ThrowsAsync<InferenceException>(() => _engine.ScaleOfOneAsync(model))).Error;

    // What happens in the background has no event to wait for; each look is a request, as it would be in the worker.
    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        while (!await reached())
            await Task.Delay(5, Token);
    }
}
