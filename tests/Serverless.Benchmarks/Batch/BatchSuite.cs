using System.Globalization;
using Azure.Storage.Blobs;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.SampleModels;
using Serverless.TestKit;
using Serverless.TestKit.Jobs;
using Serverless.TestKit.Onnx;
using Serverless.Topology.Platform;

namespace Serverless.Benchmarks.Batch;

/// <summary>
/// Jobs: how near an undisturbed one comes to the engine alone, what validation costs, and whether one whose processes are killed still
/// answers every line once. The environment's <c>BATCH_LINES</c> makes it smaller.
/// </summary>
internal sealed class BatchSuite : IBenchmarkSuite
{
    private const string Endpoint = "/v1/embeddings";
    private const string Counter = "counter";

    // A line of the chaos run: about 1 ms.
    private const int Count = 200;
    private const int EngineLines = 2_048;
    private const long LargeFile = 199L << 20;
    private const int Seed = 8;

    // Three rounds of seven, five of each are kills.
    private const int Strikes = 21;

    // Fewer prove nothing.
    private const int FewestKills = 10;

    private static readonly int Lines =
        int.TryParse(Environment.GetEnvironmentVariable("BATCH_LINES"), CultureInfo.InvariantCulture, out var lines) ? lines : 50_000;

    public string Name => "batch";

    public async Task RunAsync(FigureWriter figures, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var options = PlatformOptions.Isolated(folder.Path);
        await using var platform = await LocalPlatform.StartAsync(options, cancellationToken: cancellationToken);
        var store = ModelStores.InBlobStorage(new BlobServiceClient(platform.StorageConnectionString));
        var vocabulary = await PushAsync(store, folder);
        using var client = new BatchClient(platform.ApiUrl, options.ApiKey);
        var texts = BatchLines.Texts(vocabulary, Lines);

        await MeasureThroughputAsync(figures, client, store, texts, cancellationToken);
        await MeasureMemoryAsync(figures, platform, client, texts, cancellationToken);
        await platform.StartWorkerAsync("worker-2", cancellationToken);
        await MeasureChaosAsync(figures, platform, client, cancellationToken);
    }

    private async Task MeasureThroughputAsync(
        FigureWriter figures, BatchClient client, IModelStore store, string[] texts, CancellationToken cancellationToken)
    {
        await using var engine = new BatchEngine(store);
        var sample = texts[..Math.Min(EngineLines, texts.Length)];
        await engine.MeasureAsync(MiniLm.Name, sample[..Math.Min(64, sample.Length)], cancellationToken);
        var before = await engine.MeasureAsync(MiniLm.Name, sample, cancellationToken);
        var job = await BatchJob.RunAsync(
            client, await client.UploadAsync(BatchLines.Embeddings(texts, MiniLm.Name), cancellationToken), Endpoint, cancellationToken);
        var after = await engine.MeasureAsync(MiniLm.Name, sample, cancellationToken);

        var (ours, baseline) = (Lines / job.Run.TotalSeconds, (before + after) / 2);
        figures.Say(string.Create(CultureInfo.InvariantCulture, $"engine {before:f0}/s before, {after:f0}/s after; job {ours:f0}/s"));
        figures.Write(new Figure(Name, "throughput_vs_engine", ours / baseline, "ratio") { Model = MiniLm.Name, Ours = ours, Baseline = baseline });
        figures.Write(new Figure(Name, "validate_shard_seconds", job.Validation.TotalSeconds, "s"));
    }

    private async Task MeasureMemoryAsync(
        FigureWriter figures, LocalPlatform platform, BatchClient client, string[] texts, CancellationToken cancellationToken)
    {
        // The same lines made long enough for a file of the largest size; they are validated and never run to the end.
        var filler = new string(' ', (int)(LargeFile / texts.Length) - 400);
        var file = await client.UploadAsync(BatchLines.Embeddings(texts.Select(text => text + filler), MiniLm.Name), cancellationToken);
        var batch = await client.CreateAsync(file, Endpoint, cancellationToken);
        while ((string)(await client.GetAsync(batch, cancellationToken))["status"]! == "validating")
            await Task.Delay(50, cancellationToken);
        figures.Write(new Figure(Name, "gateway_peak_mb", await GatewayMemory.PeakMegabytesAsync(platform, cancellationToken), "MB"));
        await client.CancelAsync(batch, cancellationToken);
        await client.WaitAsync(batch, TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(5), cancellationToken);
    }

    private async Task MeasureChaosAsync(
        FigureWriter figures, LocalPlatform platform, BatchClient client, CancellationToken cancellationToken)
    {
        var endpoint = $"/v2/models/{Counter}/infer";
        var file = await client.UploadAsync(BatchLines.Counting(Counter, Lines, Count), cancellationToken);
        var peaceful = await BatchJob.RunAsync(client, file, endpoint, cancellationToken);
        using var stop = new CancellationTokenSource();
        var monkey = new ChaosMonkey(platform, Seed, TimeSpan.FromSeconds(4), Strikes);
        var chaos = monkey.RunAsync(stop.Token);
        BatchJob disturbed;
        try
        {
            disturbed = await BatchJob.RunAsync(client, file, endpoint, cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await chaos;
        }

        figures.Say($"seed {Seed}, {monkey.Kills} kills: {string.Join(", ", monkey.Strikes)}; in peace {peaceful.Run}, disturbed {disturbed.Run}");
        if (monkey.Kills < FewestKills)
            throw new InvalidOperationException($"The job was over after {monkey.Kills} kills; it takes {FewestKills}: give BATCH_LINES more lines.");
        var expected = await peaceful.AnswersAsync(client, cancellationToken);
        var found = await disturbed.AnswersAsync(client, cancellationToken);
        var ids = found.Select(answer => answer.Id).ToHashSet();
        figures.Write(new Figure(Name, "chaos_kills", monkey.Kills, "kills"));
        figures.Write(new Figure(Name, "chaos_lines_lost", Enumerable.Range(0, Lines).Count(line => !ids.Contains(BatchLines.IdOf(line))), "lines"));
        figures.Write(new Figure(Name, "chaos_lines_duplicated", found.Count - ids.Count, "lines"));
        figures.Write(new Figure(Name, "chaos_answers_different", expected.Except(found).Count(), "lines"));
        figures.Write(new Figure(Name, "chaos_in_input_order", found.Select(answer => answer.Id).SequenceEqual(expected.Select(answer => answer.Id)) ? 1 : 0, "bool"));
    }

    /// <summary>Pushes both models; the path of MiniLM's vocabulary.</summary>
    private static async Task<string> PushAsync(IModelStore store, TemporaryFolder folder)
    {
        var publisher = new ModelPublisher(store);
        var (graph, vocabulary) = MiniLm.WriteTo(folder.File("minilm"));
        using (var prepared = await GraphPreparation.RunAsync(graph, new PreparationOptions { Task = ModelTasks.TextEmbedding }, null, CancellationToken.None))
            await publisher.PublishAsync(prepared.ToDraft(MiniLm.Name, [vocabulary]) with { Task = ModelTasks.TextEmbedding });
        using (var prepared = await GraphPreparation.RunAsync(
            OnnxGraphs.Slow().WriteTo(folder.File("counter.onnx")), new PreparationOptions { MaxBatch = 1 }, null, CancellationToken.None))
        {
            await publisher.PublishAsync(prepared.ToDraft(Counter, []));
        }

        return vocabulary;
    }
}
