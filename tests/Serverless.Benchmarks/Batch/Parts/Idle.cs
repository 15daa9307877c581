using System.Globalization;

namespace Serverless.Benchmarks.Batch.Parts;

/// <summary>What the platform's processes take of a core while there is nothing to do: a laptop pays for it, and so does every job.</summary>
internal static class Idle
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(30);

    public static async Task MeasureAsync(BatchBench bench, CancellationToken cancellationToken)
    {
        await Task.Delay(Settle, cancellationToken);
        var asked = bench.StorageRequests.Snapshot();
        var start = await ProcessorTimes.ReadAsync(bench.Platform, cancellationToken);
        await Task.Delay(Watch, cancellationToken);
        var used = (await ProcessorTimes.ReadAsync(bench.Platform, cancellationToken)).Since(start);
        foreach (var (process, time) in used.Of)
            bench.Write($"idle_core_percent_{process}", 100 * time / Watch, "%");
        var requests = bench.StorageRequests.Snapshot()
            .Select(kind => string.Create(CultureInfo.InvariantCulture, $"{(kind.Value - asked.GetValueOrDefault(kind.Key)) / Watch.TotalSeconds:f1} {kind.Key}"));
        bench.Figures.Say($"idle, storage requests a second: {string.Join(", ", requests)}");
    }
}
