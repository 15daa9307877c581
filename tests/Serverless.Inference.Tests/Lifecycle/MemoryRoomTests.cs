using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;

namespace Serverless.Inference.Tests.Lifecycle;

public sealed class MemoryRoomTests
{
    private const long MiB = 1 << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Acquire_BudgetSpent_UnloadsTheLeastRecentlyUsedUntilItFits()
    {
        await using var engine = new Engine(options => options.MemoryBudgetBytes = 10 * MiB);
        await PushAsync(engine, ("a", 4), ("b", 4), ("c", 1), ("d", 6));
        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            await engine.ScaleOfOneAsync(name);
            engine.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        // 4 + 4 + 1 are there when 6 more come: the two oldest have to go, the third may stay.
        Assert.Equal([false, false, true, true], Loaded(engine, "a", "b", "c", "d"));
    }

    [Fact]
    public async Task Acquire_PinnedModel_IsNeverUnloadedToMakeRoom()
    {
        await using var engine = new Engine(options =>
        {
            options.MemoryBudgetBytes = 10 * MiB;
            options.Pinned = [new ModelReference("a")];
        });
        await PushAsync(engine, ("a", 4), ("b", 4), ("c", 4));
        foreach (var name in new[] { "a", "b", "c" })
        {
            await engine.ScaleOfOneAsync(name);
            engine.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal([true, false, true], Loaded(engine, "a", "b", "c"));
    }

    [Fact]
    public async Task Acquire_ModelLargerThanTheBudget_IsRefusedNamingBothWithoutUnloadingAnything()
    {
        await using var engine = new Engine(options => options.MemoryBudgetBytes = 10 * MiB);
        await PushAsync(engine, ("a", 4), ("b", 11));
        await engine.ScaleOfOneAsync("a");

        var error = await Assert.ThrowsAsync<InferenceException>(() => engine.ScaleOfOneAsync("b"));

        Assert.Equal(ErrorKind.ModelUnavailable, error.Error.Kind);
        Assert.Contains($"{11 * MiB}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{10 * MiB}", error.Message, StringComparison.Ordinal);
        Assert.Equal([true], Loaded(engine, "a"));
    }

    [Fact]
    public async Task Acquire_RoomInUse_WaitsUntilARequestLeaves()
    {
        await using var engine = new Engine(options => options.MemoryBudgetBytes = 5 * MiB);
        await PushAsync(engine, ("a", 4), ("b", 4));
        var lease = await engine.Registry.AcquireAsync(new ModelReference("a"), Token);
        var asked = engine.ScaleOfOneAsync("b");
        await Until.TrueAsync(() => engine.Registry.Status.Any(status => status.Name == "b"));
        Assert.False(asked.IsCompleted);

        lease.Dispose();

        Assert.Equal(2, await asked.WaitAsync(TimeSpan.FromSeconds(20), Token));
    }

    [Fact]
    public async Task Acquire_TenModelsInABudgetOfThree_AnswersEveryRequest()
    {
        await using var engine = new Engine(options => options.MemoryBudgetBytes = 3 * MiB);
        var names = Enumerable.Range(0, 10).Select(index => $"m{index}").ToArray();
        await PushAsync(engine, [.. names.Select(name => (name, 1))]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            var sum = 0f;
            for (var i = 0; i < 25; i++)
                sum += await engine.ScaleOfOneAsync(names[random.Next(names.Length)]);
            return sum;
        }, Token)));

        Assert.All(answers, sum => Assert.Equal(50, sum));
        Assert.InRange(Loaded(engine, names).Count(loaded => loaded), 1, 3);
    }

    private static async Task PushAsync(Engine engine, params (string Name, int MiB)[] models)
    {
        foreach (var (name, size) in models)
        {
            engine.MemoryBytes = size * MiB;
            await engine.PushScaleAsync(name, 2);
        }
    }

    private static IEnumerable<bool> Loaded(Engine engine, params string[] names) =>
        names.Select(name => engine.Registry.IsLoaded(new ModelReference(name)));
}
