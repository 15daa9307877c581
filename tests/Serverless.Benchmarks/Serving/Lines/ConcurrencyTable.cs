using System.Globalization;

namespace Serverless.Benchmarks.Serving.Lines;

/// <summary>The worker alone at 1, 8, 32 and 128 connections; a table for people beside the figures.</summary>
internal static class ConcurrencyTable
{
    private static readonly int[] Connections = [1, 8, 32, 128];

    public static IReadOnlyList<ServingLine> Lines { get; } =
    [
        Of(ServingModel.Mlp, "json", JsonLines.File, perConnectionStep: 8_000),
        Of(ServingModel.Mlp, "binary", BinaryLines.File, perConnectionStep: 8_000),
        Of(ServingModel.Wide, "json", JsonLines.File, perConnectionStep: 400),
        Of(ServingModel.ResNet, "binary", BinaryLines.File, perConnectionStep: 60),
        Of(ServingModel.MiniLm, "binary", BinaryLines.File, perConnectionStep: 200),
    ];

    private static ServingLine Of(
        string modelName, string form, Func<ServingBench, ServingModel, string> fileOf, int perConnectionStep) =>
        new([$"table_{form}"], modelName, async (bench, cancellationToken) =>
        {
            var model = await bench.Models.GetAsync(modelName, cancellationToken);
            var file = fileOf(bench, model);
            await AnswerCheck.RunAsync(bench, model, file, cancellationToken);
            var worker = await bench.Servers.WorkerAsync(cancellationToken);
            bench.Say($"  {modelName} {form}: connections, requests/s, p50 ms, p99 ms; per request: server µs, allocated bytes, generator µs");
            var figures = new List<Figure>();
            foreach (var connections in Connections)
            {
                // Enough for 128 connections to be more than a beginning and an end.
                var count = perConnectionStep * (connections >= 32 ? 4 : connections == 8 ? 2 : 1);
                await bench.LoadAsync(worker, file, connections, count / 4, cancellationToken);
                var before = await AllocatedAsync(bench, cancellationToken);
                var load = await bench.LoadAsync(worker, file, connections, count, cancellationToken);
                var allocated = (await AllocatedAsync(bench, cancellationToken) - before) / count;
                bench.Say(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {connections,4} {load.PerSecond,9:0.0} {load.P50,8:0.000} {load.P99,8:0.000} "
                    + $"{load.ProcessorMicroseconds,9:0.0} {allocated,9:0} {load.GeneratorMicroseconds,6:0.0}"));
                figures.Add(Figure($"{form}_c{connections}_allocated_bytes", allocated, "B"));
                figures.Add(Figure($"{form}_c{connections}_per_second", load.PerSecond, "1/s"));
                figures.Add(Figure($"{form}_c{connections}_p99_ms", load.P99, "ms"));
            }

            return figures;

            Figure Figure(string metric, double value, string unit) => new("serving", metric, value, unit) { Model = modelName };
        });

    private static async Task<double> AllocatedAsync(ServingBench bench, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        var text = await client.GetStringAsync(bench.Servers.WorkerMetrics, cancellationToken);
        var line = text.Split('\n').First(entry => entry.StartsWith("dotnet_gc_heap_total_allocated", StringComparison.Ordinal));
        return double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }
}
