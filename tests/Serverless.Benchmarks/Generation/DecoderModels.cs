using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.SampleModels.Decoders;

namespace Serverless.Benchmarks.Generation;

/// <summary>Builds and publishes each decoder when it is first needed.</summary>
internal sealed class DecoderModels(string folder)
{
    private const int MaxBatch = 16;

    private readonly HashSet<string> _built = [];
    private readonly HashSet<string> _published = [];

    /// <summary>The store that the engine reads.</summary>
    public IModelStore Store { get; } = ModelStores.InFolder(Path.Combine(folder, "store"));

    /// <summary>A folder with the decoder as it was exported, which GenAI reads.</summary>
    public string FolderOf(string name)
    {
        var place = Path.Combine(folder, name);
        if (_built.Add(name))
            DecoderBuilder.WriteRandom(place, DecoderModel.ShapeOf(name));
        return place;
    }

    public async Task PublishAsync(string name, CancellationToken cancellationToken)
    {
        if (_published.Add(name))
            await PublishAsync(name, Store, cancellationToken);
    }

    /// <summary>Publishes as <c>infer model push</c> does: cut, optimised, and proved to batch.</summary>
    public async Task PublishAsync(string name, IModelStore store, CancellationToken cancellationToken)
    {
        var options = new PreparationOptions { Task = ModelTasks.TextGeneration, MaxBatch = MaxBatch };
        using var prepared = await GraphPreparation.RunAsync(
            Path.Combine(FolderOf(name), DecoderBuilder.GraphFile), options, progress: null, cancellationToken);
        await new ModelPublisher(store).PublishAsync(prepared.ToDraft(name, []), progress: null, cancellationToken);
    }
}
