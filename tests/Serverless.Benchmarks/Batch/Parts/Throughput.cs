using System.Globalization;
using Serverless.SampleModels;

namespace Serverless.Benchmarks.Batch.Parts;

/// <summary>An undisturbed job of embeddings beside the engine alone on the same lines, by the clock and by processor time.</summary>
internal static class Throughput
{
    private const int EngineLines = 2_048;

    public static async Task MeasureAsync(BatchBench bench, CancellationToken cancellationToken)
    {
        await using var engine = new BatchEngine(bench.Store);
        var sample = bench.Texts[..Math.Min(EngineLines, bench.Texts.Length)];
        await engine.MeasureAsync(MiniLm.Name, sample[..Math.Min(64, sample.Length)], cancellationToken);
        var before = await engine.MeasureAsync(MiniLm.Name, sample, cancellationToken);
        var file = await bench.Client.UploadAsync(BatchLines.Embeddings(bench.Texts, MiniLm.Name), cancellationToken);
        var asked = bench.StorageRequests.Snapshot();
        var start = await ProcessorTimes.ReadAsync(bench.Platform, cancellationToken);
        var job = await BatchJob.RunAsync(bench.Client, file, BatchBench.Embeddings, cancellationToken);
        var used = (await ProcessorTimes.ReadAsync(bench.Platform, cancellationToken)).Since(start);
        bench.Figures.Say("storage requests of the job: " + string.Join(", ", bench.StorageRequests.Snapshot()
            .Select(kind => $"{kind.Value - asked.GetValueOrDefault(kind.Key)} {kind.Key}")));
        var after = await engine.MeasureAsync(MiniLm.Name, sample, cancellationToken);

        var (ours, baseline) = (bench.Texts.Length / job.Run.TotalSeconds, (before.PerSecond + after.PerSecond) / 2);
        bench.Figures.Say(string.Create(
            CultureInfo.InvariantCulture, $"engine {before.PerSecond:f0}/s before, {after.PerSecond:f0}/s after; job {ours:f0}/s"));
        bench.Write("throughput_vs_engine", ours / baseline, "ratio", MiniLm.Name, ours, baseline);
        bench.Write("validate_shard_seconds", job.Validation.TotalSeconds, "s");
        Report(bench, used, (before.ProcessorSeconds + after.ProcessorSeconds) / 2);
    }

    private static void Report(BatchBench bench, ProcessorTimes used, double engine)
    {
        var thousands = bench.Texts.Length / 1000d;
        foreach (var (process, time) in used.Of)
            bench.Write($"cpu_seconds_per_1000_lines_{process}", time.TotalSeconds / thousands, "s", MiniLm.Name);
        var ours = used.Total.TotalSeconds / thousands;
        bench.Write("cpu_vs_engine", ours / engine, "ratio", MiniLm.Name, ours, engine);
    }
}
