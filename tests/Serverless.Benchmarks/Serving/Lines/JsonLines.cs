namespace Serverless.Benchmarks.Serving.Lines;

/// <summary>JSON requests: the worker beside the echo and the naive server.</summary>
internal static class JsonLines
{
    public static IReadOnlyList<ServingLine> All { get; } =
    [
        new(["json_c32_cpu_vs_echo"], ServingModel.Mlp, CpuVsEchoAsync),
        VsNaive("json_c32_cpu_vs_naive", ServingModel.Mlp, connections: 32, count: 150_000, rounds: 5, load => load.ProcessorMicroseconds),
        VsNaive("json_c32_vs_naive", ServingModel.Mlp, connections: 32, count: 150_000, rounds: 5, load => load.PerSecond),
        VsNaive("json_c1_p50_vs_naive", ServingModel.Mlp, connections: 1, count: 8_000, rounds: 5, load => load.P50),
        VsNaive("json_c32_vs_naive", ServingModel.ResNet, connections: 32, count: 192, rounds: 3, load => load.PerSecond),
        VsNaive("json_c32_vs_naive", ServingModel.Wide, connections: 32, count: 4_000, rounds: 3, load => load.PerSecond),
    ];

    /// <summary>The file of a model's JSON requests.</summary>
    public static string File(ServingBench bench, ServingModel model) =>
        bench.File($"{model.Name}-json", () => model.Rows.Select(row => Requests.Json(model.Name, row)));

    private static async Task<IReadOnlyList<Figure>> CpuVsEchoAsync(ServingBench bench, CancellationToken cancellationToken)
    {
        var model = await bench.Models.GetAsync(ServingModel.Mlp, cancellationToken);
        return await EchoComparison.RunAsync(bench, "json_c32_cpu_vs_echo", model, File(bench, model), cancellationToken);
    }

    private static ServingLine VsNaive(
        string metric, string modelName, int connections, int count, int rounds, Func<Load, double> quantity) =>
        new([metric], modelName, async (bench, cancellationToken) =>
        {
            var model = await bench.Models.GetAsync(modelName, cancellationToken);
            var file = File(bench, model);
            await AnswerCheck.RunAsync(bench, model, file, cancellationToken);
            var comparison = new NaiveComparison(bench, file, connections, count);
            return [(await comparison.RunAsync(rounds, cancellationToken)).Ratio(metric, modelName, quantity)];
        });
}
