using Azure.Storage.Blobs;
using Serverless.Models.Storage;
using Serverless.Topology.Platform;

namespace Serverless.Benchmarks.Generation.Lines;

/// <summary>What sixteen streams lose through the Functions host and the gateway.</summary>
internal static class GatewayLine
{
    private const string Metric = "gateway_c16";
    private const int Streams = 16;
    private const int Prompt = 128;
    private const int Tokens = 256;
    private const int WarmUps = 2;

    public static GenerationLine Line { get; } = new([Metric], DecoderModel.Grouped, MeasureAsync);

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(GenerationBench bench, CancellationToken cancellationToken)
    {
        await bench.StopEngineAsync();
        var folder = Path.Combine(bench.Folder, "platform");
        await using var platform = await LocalPlatform.StartAsync(PlatformOptions.Isolated(folder) with { WorkerKey = null }, null, cancellationToken);
        var store = ModelStores.InBlobStorage(new BlobServiceClient(platform.StorageConnectionString));
        await bench.Models.PublishAsync(DecoderModel.Grouped, store, cancellationToken);
        using var through = new CompletionClient(platform.Options.Ports.Functions, platform.Options.ApiKey, DecoderModel.Grouped);
        using var alone = new CompletionClient(platform.Options.Ports.Worker, platform.Options.ApiKey, DecoderModel.Grouped);
        var round = 0;
        // Unmeasured rounds on each side: the first loads the model, and in the second the processes still compile what is hot (0.3 s of the
        // gateway's processor).
        for (var i = 0; i < WarmUps; i++)
        {
            await SpeedAsync(through);
            await SpeedAsync(alone);
        }

        var (ours, baseline) = await PairedRun.MedianAsync(bench.Options.Rounds, () => SpeedAsync(through), () => SpeedAsync(alone));
        return [GenerationFigure.Ratio(Metric, DecoderModel.Grouped, ours, baseline, bench.Options.Rounds)];

        // Prompts of a round are its own: what the worker keeps of others' must not decide.
        Task<double> SpeedAsync(CompletionClient client) => client.SpeedAsync(Streams, Prompt, Tokens, seed: round++, cancellationToken);
    }
}
