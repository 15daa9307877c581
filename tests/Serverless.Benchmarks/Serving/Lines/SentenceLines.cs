using System.Globalization;
using Serverless.Benchmarks.Serving.Baselines;

namespace Serverless.Benchmarks.Serving.Lines;

/// <summary>MiniLM with real sentences.</summary>
internal static class SentenceLines
{
    // As many as are reported at most: what sorts in process sees all sentences, a server only those that are in flight.
    private const int MixedConnections = 128;
    private const int Mixed = 1024;
    private const int Rounds = 3;
    private const int ShortTokens = 13;

    // Padded tokens per run that the sweep tries.
    private static readonly int[] Budgets = [256, 512, 1024, 2048, 4096];

    public static IReadOnlyList<ServingLine> All { get; } =
    [
        new(["mixed_vs_best_inprocess_policy", "mixed_c32_vs_best_inprocess_policy"], ServingModel.MiniLm, MixedAsync),
        new(["mixed13_vs_naive"], ServingModel.MiniLm, ShortAsync),
    ];

    private static async Task<IReadOnlyList<Figure>> MixedAsync(ServingBench bench, CancellationToken cancellationToken)
    {
        var model = await bench.Models.GetAsync(ServingModel.MiniLm, cancellationToken);
        var rows = Sentences.Draw(model.Vocabulary!, Mixed, _ => true);
        var file = bench.File("mixed-binary", () => rows.Select(row => Requests.Binary(model.Name, row)));
        await AnswerCheck.RunAsync(bench, model with { Rows = rows }, file, cancellationToken);
        var worker = await bench.Servers.WorkerAsync(cancellationToken);
        using var raw = new RawModel(model.Graph);
        var policies = from budget in Budgets from way in RawSetting.Ways select (budget, way);
        var best = policies.MaxBy(policy => Sweep(bench, raw, rows, policy.budget, policy.way));
        bench.Say($"  mean {rows.Average(row => row.Length):0.0} tokens; best in process: {best}");

        // One warm-up that is not counted: the first batch of each shape plans its memory.
        await bench.LoadAsync(worker, file, MixedConnections, Mixed, cancellationToken);
        var (wide, narrow, baseline) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            wide.Add((await bench.LoadAsync(worker, file, MixedConnections, Mixed, cancellationToken)).PerSecond);
            baseline.Add(PerSecond(raw, rows, best.budget, best.way));
            narrow.Add((await bench.LoadAsync(worker, file, 32, Mixed, cancellationToken)).PerSecond);
        }

        return [Figure("mixed_vs_best_inprocess_policy", wide), Figure("mixed_c32_vs_best_inprocess_policy", narrow)];

        Figure Figure(string metric, List<double> ours) =>
            ServingFigure.Ratio(metric, model.Name, Medians.Of(ours), Medians.Of(baseline), Rounds);
    }

    private static async Task<IReadOnlyList<Figure>> ShortAsync(ServingBench bench, CancellationToken cancellationToken)
    {
        var model = await bench.Models.GetAsync(ServingModel.MiniLm, cancellationToken);
        var rows = Sentences.Draw(model.Vocabulary!, 128, length => Math.Abs(length - ShortTokens) <= 1);
        var file = bench.File("mixed13-json", () => rows.Select(row => Requests.Json(model.Name, row)));
        await AnswerCheck.RunAsync(bench, model with { Rows = rows }, file, cancellationToken);
        var comparison = new NaiveComparison(bench, file, connections: 32, count: 1280);
        var pairs = await comparison.RunAsync(Rounds, cancellationToken);
        return [pairs.Ratio("mixed13_vs_naive", model.Name, load => load.PerSecond)];
    }

    private static double Sweep(ServingBench bench, RawModel raw, IReadOnlyList<Row> rows, int budget, (int Threads, int Loops) way)
    {
        PerSecond(raw, [.. rows.Take(64)], budget, way);
        var perSecond = PerSecond(raw, [.. rows.Take(Mixed / 2)], budget, way);
        bench.Say(string.Create(CultureInfo.InvariantCulture, $"  sorted, {budget} tokens a run, {way}: {perSecond:0}/s"));
        return perSecond;
    }

    private static double PerSecond(RawModel raw, IReadOnlyList<Row> rows, int budget, (int Threads, int Loops) way)
    {
        var batches = LengthGroups.Of(rows, budget).Select(group => new RowBatchInputs(group)).ToList();
        var seconds = raw.Run(batches, way.Threads, way.Loops);
        batches.ForEach(batch => batch.Dispose());
        return rows.Count / seconds;
    }
}
