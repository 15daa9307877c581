using System.Globalization;
using Serverless.LoadGenerator;

namespace Serverless.Benchmarks.Serving.Lines;

/// <summary>Interactive requests beside a tenant that keeps the worker busy with work that can wait.</summary>
internal static class PriorityLine
{
    private const double InteractiveShare = 0.2;
    private const int Rounds = 3;
    private const double Seconds = 12;
    private const int Connections = 256;

    public static ServingLine Line { get; } = new(
        ["interactive_p99_vs_alone", "batch_share_beside_interactive"], ServingModel.ResNet, MeasureAsync);

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(ServingBench bench, CancellationToken cancellationToken)
    {
        var streams = await Streams.CreateAsync(bench, cancellationToken);
        var capacity = await streams.CapacityAsync(cancellationToken);
        var (alone, beside, shares) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            var people = new RequestExtras(TermHeaders.Interactive + TermHeaders.Tenant("people"));
            var interactive = streams.Arriving("interactive", capacity * InteractiveShare, people, Connections, seed: round + 1);
            var batch = streams.Saturate("batch", new RequestExtras(TermHeaders.Batch + TermHeaders.Tenant("jobs")));
            var quiet = (await streams.RunAsync(Seconds, cancellationToken, interactive))[0];
            var both = await streams.RunAsync(Seconds, cancellationToken, interactive, batch);
            foreach (var (name, result) in new[] { ("alone", quiet), ("beside", both[0]), ("batch", both[1]) })
                bench.Say($"  {name}: {Streams.Describe(result)}");
            alone.Add(WholeP99(quiet));
            beside.Add(WholeP99(both[0]));
            shares.Add(both[1].PerSecond / Math.Max(1e-9, capacity - both[0].PerSecond));
        }

        bench.Say(string.Create(CultureInfo.InvariantCulture, $"  p99 {Medians.Of(alone):0} ms alone, {Medians.Of(beside):0} ms beside"));
        return
        [
            ServingFigure.Ratio("interactive_p99_vs_alone", ServingModel.ResNet, Medians.Of(beside), Medians.Of(alone), Rounds),
            new Figure("serving", "batch_share_beside_interactive", Medians.Of(shares), "ratio") { Model = ServingModel.ResNet, N = Rounds },
        ];
    }

    // A server that refuses interactive requests could look quick on those that it takes.
    private static double WholeP99(StreamResult result) => result.Ok >= 0.99 * result.Sent
        ? result.P99
        : throw new InvalidRunException($"interactive requests were refused: {Streams.Describe(result)}");
}
