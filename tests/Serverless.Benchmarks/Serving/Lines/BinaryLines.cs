using System.Globalization;
using Serverless.Benchmarks.Serving.Baselines;

namespace Serverless.Benchmarks.Serving.Lines;

/// <summary>Binary requests: the worker beside the echo, and beside ONNX Runtime without a server.</summary>
internal static class BinaryLines
{
    private const int Connections = 32;
    private const int Rounds = 4;

    public static IReadOnlyList<ServingLine> All { get; } =
    [
        new(["binary_c32_cpu_vs_echo"], ServingModel.Mlp, CpuVsEchoAsync),
        VsRaw(ServingModel.ResNet, count: 256),
        VsRaw(ServingModel.MiniLm, count: 960),
    ];

    /// <summary>The file of a model's binary requests.</summary>
    public static string File(ServingBench bench, ServingModel model) =>
        bench.File($"{model.Name}-binary", () => model.Rows.Select(row => Requests.Binary(model.Name, row)));

    private static async Task<IReadOnlyList<Figure>> CpuVsEchoAsync(ServingBench bench, CancellationToken cancellationToken)
    {
        var model = await bench.Models.GetAsync(ServingModel.Mlp, cancellationToken);
        return await EchoComparison.RunAsync(bench, "binary_c32_cpu_vs_echo", model, File(bench, model), cancellationToken);
    }

    private static ServingLine VsRaw(string modelName, int count) =>
        new(["binary_c32_vs_raw"], modelName, async (bench, cancellationToken) =>
        {
            var model = await bench.Models.GetAsync(modelName, cancellationToken);
            var file = File(bench, model);
            await AnswerCheck.RunAsync(bench, model, file, cancellationToken);
            var worker = await bench.Servers.WorkerAsync(cancellationToken);
            using var raw = new RawModel(model.Graph);
            var best = RawSetting.All.MaxBy(setting => Sweep(bench, raw, model, setting, count / 4))!;
            bench.Say($"  best in process: {best}");
            var (ours, baseline) = await PairedRun.MedianAsync(
                Rounds,
                async () => (await bench.LoadAsync(worker, file, Connections, count, cancellationToken)).PerSecond,
                () => Task.FromResult(PerSecond(raw, model, best, count)));
            return [ServingFigure.Ratio("binary_c32_vs_raw", modelName, ours, baseline, Rounds)];
        });

    private static double Sweep(ServingBench bench, RawModel raw, ServingModel model, RawSetting setting, int count)
    {
        // The first run of a session allocates and compiles.
        PerSecond(raw, model, setting, setting.Batch * setting.Loops);
        var perSecond = PerSecond(raw, model, setting, count);
        bench.Say(string.Create(CultureInfo.InvariantCulture, $"  {model.Name} in process, {setting}: {perSecond:0.0}/s"));
        return perSecond;
    }

    private static double PerSecond(RawModel raw, ServingModel model, RawSetting setting, int count)
    {
        var rows = Enumerable.Range(0, count).Select(index => model.Rows[index % model.Rows.Count]);
        var batches = rows.Chunk(setting.Batch).Where(batch => batch.Length == setting.Batch)
            .Select(batch => new RowBatchInputs(batch)).ToList();
        var seconds = raw.Run(batches, setting.IntraOpThreads, setting.Loops);
        batches.ForEach(batch => batch.Dispose());
        return batches.Sum(batch => batch.Rows) / seconds;
    }
}
