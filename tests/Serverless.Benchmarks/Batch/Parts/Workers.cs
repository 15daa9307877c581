using System.Globalization;
using Serverless.SampleModels;

namespace Serverless.Benchmarks.Batch.Parts;

/// <summary>
/// What coordination costs: the same lines by one worker and by four on the same cores, and what a shard asks of storage and Service Bus.
/// </summary>
internal static class Workers
{
    private static readonly string[] Others = ["worker-2", "worker-3", "worker-4"];
    private static readonly string[] Kinds = [StorageRequests.Blobs, StorageRequests.Tables, StorageRequests.Queues, StorageRequests.Polls];

    public static async Task MeasureAsync(BatchBench bench, CancellationToken cancellationToken)
    {
        var file = await bench.Client.UploadAsync(BatchLines.Embeddings(bench.Texts, MiniLm.Name), cancellationToken);
        await RunAsync(bench, file, "warm-up of the rate", cancellationToken);
        var one = await RunAsync(bench, file, "one worker", cancellationToken);
        await Task.WhenAll(Others.Select(name => bench.Platform.StartWorkerAsync(name, cancellationToken)));

        // Each of them has to load the model before it is compared.
        await RunAsync(bench, file, "warm-up of four", cancellationToken);
        var four = await RunAsync(bench, file, "four workers", cancellationToken);
        bench.Write("four_workers_vs_one", four.PerSecond / one.PerSecond, "ratio", MiniLm.Name, four.PerSecond, one.PerSecond);
        bench.Write("four_workers_cpu_vs_one", four.ProcessorSeconds / one.ProcessorSeconds, "ratio", MiniLm.Name, four.ProcessorSeconds, one.ProcessorSeconds);
        foreach (var (name, count) in one.PerShard)
            bench.Write($"shard_{name}_requests", count, "requests");
    }

    private static async Task<WorkersRun> RunAsync(BatchBench bench, string file, string what, CancellationToken cancellationToken)
    {
        var time = await ProcessorTimes.ReadAsync(bench.Platform, cancellationToken);
        var (storage, bus) = (bench.StorageRequests.Snapshot(), await ServiceBusCountsAsync(bench, cancellationToken));
        var job = await BatchJob.RunAsync(bench.Client, file, BatchBench.Embeddings, cancellationToken);
        var used = (await ProcessorTimes.ReadAsync(bench.Platform, cancellationToken)).Since(time);
        var asked = bench.StorageRequests.Snapshot();
        var (received, delivered, completed) = await ServiceBusCountsAsync(bench, cancellationToken);
        var shards = Math.Max(1, received - bus.Received);
        var perShard = Kinds.ToDictionary(kind => kind, kind => (asked.GetValueOrDefault(kind) - storage.GetValueOrDefault(kind)) / shards);
        perShard["servicebus"] = (received - bus.Received + delivered - bus.Delivered + completed - bus.Completed) / shards;
        var run = new WorkersRun(
            bench.Texts.Length / job.Run.TotalSeconds, used.Total.TotalSeconds / bench.Texts.Length * 1000, perShard);
        bench.Figures.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {run.PerSecond:f0}/s, {run.ProcessorSeconds:f2} processor seconds per 1,000 lines, {shards} shards, each {string.Join(", ", perShard.Select(count => $"{count.Value:f1} {count.Key}"))}"));
        return run;
    }

    /// <summary>Messages that the shards' queue took in, gave out and saw completed so far.</summary>
    private static async Task<(double Received, double Delivered, double Completed)> ServiceBusCountsAsync(
        BatchBench bench, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        var text = await client.GetStringAsync(
            new Uri($"http://127.0.0.1:{bench.Platform.Options.Ports.ServiceBus.Http}/metrics"), cancellationToken);
        double Count(string name) => text.Split('\n')
            .Where(line => line.StartsWith($"serverless_servicebus_{name}_total{{entity=\"shards\"}}", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
        return (Count("received"), Count("delivered"), Count("completed"));
    }

    private sealed record WorkersRun(double PerSecond, double ProcessorSeconds, IReadOnlyDictionary<string, double> PerShard);
}
