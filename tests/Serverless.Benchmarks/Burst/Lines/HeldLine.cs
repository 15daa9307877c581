using Serverless.SampleModels;

namespace Serverless.Benchmarks.Burst.Lines;

/// <summary>
/// What holding adds to a start: a request at the gateway that comes when there is no replica, beside the same start alone. Both load the model
/// as soon as they run, from the same cache.
/// </summary>
internal static class HeldLine
{
    private const string Metric = "held_overhead_ms";

    public static BurstLine Line { get; } = new(Metric, MeasureAsync);

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(BurstBench bench, CancellationToken cancellationToken)
    {
        var alone = await ColdStarts.WorkerAsync(bench, cancellationToken);
        await using var path = await HeldPath.StartAsync(bench, cancellationToken);

        // The first of each is not counted.
        await HeldAsync();
        await AloneAsync();
        var (held, start) = await PairedRun.MedianAsync(bench.Options.Rounds, HeldAsync, AloneAsync);
        return
        [
            new Figure("burst", Metric, held - start, "ms") { Model = MiniLm.Name, Ours = held, Baseline = start, N = bench.Options.Rounds },
        ];

        async Task<double> HeldAsync() => (await path.AskFromZeroAsync(cancellationToken)).Answered.TotalMilliseconds;

        async Task<double> AloneAsync() => (await alone(cancellationToken)).Answered.TotalMilliseconds;
    }
}
