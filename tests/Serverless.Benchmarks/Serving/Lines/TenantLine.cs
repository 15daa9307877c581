using Serverless.LoadGenerator;

namespace Serverless.Benchmarks.Serving.Lines;

/// <summary>Two tenants of equal weight, one of which asks for ten times as much: both get the same.</summary>
internal static class TenantLine
{
    // The modest tenant alone asks for as much as half the worker can do: more than its share would be left over otherwise.
    private const double ModestShare = 0.6;
    private const double Greed = 10;
    private const double Seconds = 15;
    private const double TimeoutMs = 1000;
    private const int Connections = 1024;

    public static ServingLine Line { get; } = new(["tenants_10to1_goodput_ratio"], ServingModel.ResNet, MeasureAsync);

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(ServingBench bench, CancellationToken cancellationToken)
    {
        var streams = await Streams.CreateAsync(bench, cancellationToken);
        var capacity = await streams.CapacityAsync(cancellationToken);
        var results = await streams.RunAsync(
            Seconds, cancellationToken, Tenant("greedy", capacity * ModestShare * Greed, 1), Tenant("modest", capacity * ModestShare, 2));
        bench.Say($"  greedy: {Streams.Describe(results[0])}");
        bench.Say($"  modest: {Streams.Describe(results[1])}");
        var (greedy, modest) = (results[0].InTime / Seconds, results[1].InTime / Seconds);
        return [ServingFigure.Ratio("tenants_10to1_goodput_ratio", ServingModel.ResNet, modest, Math.Max(1e-9, greedy))];

        StreamJob Tenant(string name, double rate, int seed) => streams.Arriving(
            name, rate, new RequestExtras(TermHeaders.Tenant(name), TimeoutMs), Connections, seed);
    }
}
