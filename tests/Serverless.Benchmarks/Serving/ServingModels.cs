using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.SampleModels;
using Serverless.TestKit.Onnx;
using static Onnx.TensorProto.Types;

namespace Serverless.Benchmarks.Serving;

/// <summary>Builds and publishes each model when it is first needed.</summary>
internal sealed class ServingModels(string folder)
{
    /// <summary>How many tokens the sentences of equal length have.</summary>
    public const int EqualTokens = 32;

    private readonly Dictionary<string, ServingModel> _ready = [];

    /// <summary>Where the .onnx files lie, each under its model's name.</summary>
    public string Graphs { get; } = Directory.CreateDirectory(Path.Combine(folder, "graphs")).FullName;

    /// <summary>The worker's store.</summary>
    public string Store { get; } = Path.Combine(folder, "store");

    public async Task<ServingModel> GetAsync(string name, CancellationToken cancellationToken)
    {
        if (_ready.TryGetValue(name, out var ready))
            return ready;
        var model = Build(name);
        await PublishAsync(model, ModelStores.InFolder(Store), cancellationToken);
        return _ready[name] = model;
    }

    /// <summary>Publishes as <c>infer model push</c> does: optimised, and proved to batch.</summary>
    public static async Task PublishAsync(ServingModel model, IModelStore store, CancellationToken cancellationToken)
    {
        var task = model.Vocabulary is null ? null : ModelTasks.TextEmbedding;
        using var prepared = await GraphPreparation.RunAsync(
            model.Graph, new PreparationOptions { Task = task }, progress: null, cancellationToken);
        string[] files = model.Vocabulary is null ? [] : [model.Vocabulary];
        await new ModelPublisher(store).PublishAsync(
            prepared.ToDraft(model.Name, files) with { Task = task }, progress: null, cancellationToken);
    }

    private ServingModel Build(string name) => name switch
    {
        ServingModel.Mlp => new ServingModel(name, DeepMlp(64, 128, 64, 10).WriteTo(GraphOf(name)), Random(64, "x", 1, 64)),
        ServingModel.Wide => new ServingModel(name, DeepMlp(1024, 4096, 4096, 1000).WriteTo(GraphOf(name)), Random(16, "x", 1, 1024)),
        ServingModel.ResNet => BuildResNet(),
        ServingModel.MiniLm => BuildMiniLm(),
        _ => throw new ArgumentException($"There is no model '{name}'.", nameof(name)),
    };

    private ServingModel BuildResNet()
    {
        var input = FreeBatch.Write(ResNet18.File, GraphOf(ServingModel.ResNet));
        return new ServingModel(ServingModel.ResNet, GraphOf(ServingModel.ResNet), Random(4, input, 1, 3, 224, 224));
    }

    private ServingModel BuildMiniLm()
    {
        var (graph, vocabulary) = MiniLm.WriteTo(folder);
        File.Move(graph, GraphOf(ServingModel.MiniLm), overwrite: true);
        var rows = Sentences.Draw(vocabulary, 64, length => length == EqualTokens);
        return new ServingModel(ServingModel.MiniLm, GraphOf(ServingModel.MiniLm), rows) { Vocabulary = vocabulary };
    }

    private string GraphOf(string name) => Path.Combine(Graphs, name + ".onnx");

    private static List<Row> Random(int count, string input, params long[] shape)
    {
        var random = new Random(5);
        var size = (int)shape.Aggregate(1L, (product, next) => product * next);
        // Six decimals, as most clients write floats.
        return [.. Enumerable.Range(0, count).Select(_ => Row.Of(
            input, [.. Enumerable.Range(0, size).Select(_ => MathF.Round((random.NextSingle() - 0.5f) * 2, 6))], shape))];
    }

    private static OnnxGraph DeepMlp(int inputs, int first, int second, int outputs)
    {
        var random = new Random(1);
        return new OnnxGraph()
            .Input("x", DataType.Float, "batch", inputs).Output("y", DataType.Float, "batch", outputs)
            .Weights("w1", Weights(inputs, first), inputs, first)
            .Weights("w2", Weights(first, second), first, second)
            .Weights("w3", Weights(second, outputs), second, outputs)
            .Node("MatMul", "x w1", "a").Node("Relu", "a", "b")
            .Node("MatMul", "b w2", "c").Node("Relu", "c", "d")
            .Node("MatMul", "d w3", "y");

        // Scaled by the fan-in, so that answers keep the size of the inputs however wide a layer is.
        float[] Weights(int rows, int columns) =>
            [.. Enumerable.Range(0, rows * columns).Select(_ => (random.NextSingle() - 0.5f) * 4 / MathF.Sqrt(rows))];
    }
}
