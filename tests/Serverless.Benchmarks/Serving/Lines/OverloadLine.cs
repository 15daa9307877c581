using Serverless.LoadGenerator;

namespace Serverless.Benchmarks.Serving.Lines;

/// <summary>Three times what the worker can do: what it answers in time must not be less than at once that.</summary>
internal static class OverloadLine
{
    // About fifty times a run alone: long enough for a queue, short enough that a queue without end misses it.
    private const double TimeoutMs = 1000;

    // Every arrival within a deadline finds a free connection, whatever the server does with the others.
    private const int Connections = 1024;

    // What is still growing after this is not the first requests' buffers.
    private const double SettleShare = 0.25;

    public static ServingLine Line { get; } = new(
        ["overload3x_goodput", "overload3x_late_share", "overload3x_memory_growth_mb"], ServingModel.ResNet, MeasureAsync);

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(ServingBench bench, CancellationToken cancellationToken)
    {
        var streams = await Streams.CreateAsync(bench, cancellationToken);
        var capacity = await streams.CapacityAsync(cancellationToken);
        var seconds = bench.Options.Overload.TotalSeconds;
        var single = await OfferAsync(1, seconds / 2);
        var growth = GrowthAsync(streams, seconds, cancellationToken);
        var triple = await OfferAsync(3, seconds);
        var (settled, end) = await growth;

        var (ours, baseline) = (triple.InTime / seconds, single.InTime / (seconds / 2));
        return
        [
            ServingFigure.Ratio("overload3x_goodput", ServingModel.ResNet, ours, baseline),
            Figure("overload3x_late_share", (triple.Ok - triple.InTime) / Math.Max(1.0, triple.Ok), "ratio") with
            {
                Ours = triple.Ok - triple.InTime, Baseline = triple.Ok,
            },
            Figure("overload3x_memory_growth_mb", end - settled, "MB") with { Ours = end, Baseline = settled },
        ];

        async Task<StreamResult> OfferAsync(int times, double length)
        {
            var stream = streams.Arriving("overload", capacity * times, new RequestExtras(TimeoutMs: TimeoutMs), Connections);
            var result = (await streams.RunAsync(length, cancellationToken, stream))[0];
            bench.Say($"  {times}x: {Streams.Describe(result)}");
            return result;
        }
    }

    private static async Task<(double Settled, double End)> GrowthAsync(Streams streams, double seconds, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds * SettleShare), cancellationToken);
        var settled = streams.ResidentMegabytes();
        await Task.Delay(TimeSpan.FromSeconds(seconds * (0.95 - SettleShare)), cancellationToken);
        return (settled, streams.ResidentMegabytes());
    }

    private static Figure Figure(string metric, double value, string unit) =>
        new("serving", metric, value, unit) { Model = ServingModel.ResNet };
}
