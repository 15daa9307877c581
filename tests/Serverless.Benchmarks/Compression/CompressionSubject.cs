using Serverless.Benchmarks.Serving;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.Optimization.Evaluation;
using Serverless.SampleModels;
using Serverless.TestKit;

namespace Serverless.Benchmarks.Compression;

/// <summary>A model that is compressed, and what its answers are compared on.</summary>
internal sealed record CompressionSubject(string Name, string Graph, string? Task, IReadOnlyList<string> Files, ReferenceInputs References)
{
    private const int Measured = 500;
    private const int Trained = 1000;
    private const int MaxBatch = 8;

    public IModelStore Store { get; private set; } = null!;

    /// <summary>What students are trained on; none where there are no students.</summary>
    public IReadOnlyList<string> TrainingTexts { get; private init; } = [];

    /// <summary>An embedder, an image model (on rows made up: it has no labels) and a decoder that was trained on such texts.</summary>
    public static IEnumerable<CompressionSubject> All(TemporaryFolder folder)
    {
        var sentences = Sentences.Texts(Measured + Trained);
        var texts = new ReferenceInputs { Texts = [.. sentences.Take(Measured)] };
        var (graph, vocabulary) = MiniLm.WriteTo(folder.File(MiniLm.Name));
        yield return new CompressionSubject(MiniLm.Name, graph, ModelTasks.TextEmbedding, [vocabulary], texts)
        {
            TrainingTexts = [.. sentences.Skip(Measured)],
        };
        yield return new CompressionSubject(ResNet18.Name, ResNet18.File, null, [], new ReferenceInputs());
        yield return new CompressionSubject(TinyLm.Name, TinyLm.Graph, ModelTasks.TextGeneration, [], texts);
    }

    public async Task<ModelManifest> PublishAsync(string store, CancellationToken cancellationToken)
    {
        Store = ModelStores.InFolder(store);
        var options = new PreparationOptions { Task = Task, MaxBatch = MaxBatch };
        using var prepared = await GraphPreparation.RunAsync(Graph, options, progress: null, cancellationToken);
        var draft = prepared.ToDraft(Name, Files);
        return await new ModelPublisher(Store).PublishAsync(draft with { Task = Task ?? draft.Task }, progress: null, cancellationToken);
    }
}
