using Serverless.Models.Manifest;
using Serverless.SampleModels;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;

namespace Serverless.Worker.Tests.OpenAi;

/// <summary>One worker with MiniLM and a model that is no embedder.</summary>
public sealed class MiniLmWorkerFixture : IAsyncLifetime
{
    internal RunningWorker Worker { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        using var folder = new TemporaryFolder();
        var (graph, vocabulary) = MiniLm.WriteTo(folder.Path);
        Worker = await RunningWorker.StartAsync();
        await Worker.PushAsync("minilm", ModelTasks.TextEmbedding, graph, vocabulary);
        await Worker.PushAsync("scale", OnnxGraphs.Scale(2));
    }

    public async ValueTask DisposeAsync()
    {
        if (Worker is not null)
            await Worker.DisposeAsync();
    }
}
