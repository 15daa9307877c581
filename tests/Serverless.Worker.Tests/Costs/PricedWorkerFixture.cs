using Serverless.Models.Manifest;
using Serverless.SampleModels;
using Serverless.SampleModels.Decoders;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;

namespace Serverless.Worker.Tests.Costs;

/// <summary>One worker whose GPUs, processors and memory have a price each, with a model of each kind.</summary>
public sealed class PricedWorkerFixture : IAsyncLifetime
{
    // 2 × 0.25 + 4 × 0.125 + 8 × 0.0625.
    public const decimal PricePerSecond = 1.5m;

    internal RunningWorker Worker { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Worker = await RunningWorker.StartAsync(
            "--Worker:Costs:Currency=EUR", "--Worker:Costs:Interval=00:00:01",
            "--Worker:Costs:Gpus=2", "--Worker:Costs:GpuSecond=0.25",
            "--Worker:Costs:Vcpus=4", "--Worker:Costs:VcpuSecond=0.125",
            "--Worker:Costs:MemoryGiB=8", "--Worker:Costs:GiBSecond=0.0625");
        using var folder = new TemporaryFolder();
        var (graph, vocabulary) = MiniLm.WriteTo(folder.Path);
        await Worker.PushAsync("minilm", ModelTasks.TextEmbedding, graph, vocabulary);
        await Worker.PushAsync("writer", ModelTasks.TextGeneration, DecoderBuilder.WriteRandom(folder.File("decoder"), DecoderShape.Tiny));
        await Worker.PushAsync("scale", OnnxGraphs.Scale(2));
    }

    public async ValueTask DisposeAsync()
    {
        if (Worker is not null)
            await Worker.DisposeAsync();
    }
}
