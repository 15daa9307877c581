using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;
using Serverless.Optimization.Graphs;
using Serverless.Optimization.Partitioning;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;

namespace Serverless.Worker.Tests.Stages;

/// <summary>Pushes models in two stages, the second at the place <see cref="Place"/>.</summary>
internal static class StagedModel
{
    public const string Place = "second";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ModelManifest> PushAsync(IModelStore store, string name, string graph, int maxBatch = 1)
    {
        using var folder = new TemporaryFolder();
        using var model = PartitionedModel.Write(ModelGraph.Read(graph), stages: 2, folder.File("stages"));
        var draft = new StagedDraft(name, graph)
        {
            Options = new PreparationOptions { MaxBatch = maxBatch },
            Places = new Dictionary<int, string> { [2] = Place },
        };
        return await new StagePublisher(store).PublishAsync(model, draft, progress: null, Token);
    }

    /// <summary>The same of a small graph of two layers, FP32 [batch,4] → [batch,3].</summary>
    public static async Task PushSmallAsync(IModelStore store, string name, int maxBatch = 1)
    {
        using var folder = new TemporaryFolder();
        await PushAsync(store, name, OnnxGraphs.Mlp(4, 8, 3).WriteTo(folder.File("model.onnx")), maxBatch);
    }
}
