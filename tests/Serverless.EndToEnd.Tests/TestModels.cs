using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.SampleModels;
using Serverless.SampleModels.Decoders;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;

namespace Serverless.EndToEnd.Tests;

/// <summary>The models that the platform under test serves.</summary>
internal static class TestModels
{
    /// <summary><c>y = 2 · x</c>, FP32 [n,2].</summary>
    public const string Small = "small";

    /// <summary>A real text embedder.</summary>
    public const string MiniLm = Serverless.SampleModels.MiniLm.Name;

    /// <summary>A decoder of random weights with a tokenizer of bytes and a chat template; its context has 256 tokens.</summary>
    public const string Decoder = "decoder";

    public const string SmallRequest = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1.5,2]}]}""";

    /// <summary>A decoder of random weights that writes for seconds.</summary>
    public static readonly DecoderShape LongWinded = DecoderShape.Tiny with
    {
        Layers = 4,
        Hidden = 256,
        Heads = 8,
        HeadSize = 32,
        Intermediate = 1024,
        Context = 1024,
    };

    public static readonly float[] SmallAnswer = [3, 4];

    public static async Task PushAsync(ModelPublisher publisher)
    {
        using var folder = new TemporaryFolder();
        await PushScaleAsync(publisher, Small, 2);
        var (graph, vocabulary) = Serverless.SampleModels.MiniLm.WriteTo(folder.Path);
        await PushAsync(publisher, MiniLm, ModelTasks.TextEmbedding, graph, vocabulary);
        await PushDecoderAsync(publisher, Decoder, DecoderShape.Tiny);
    }

    /// <summary>Pushes a decoder of random weights.</summary>
    public static async Task PushDecoderAsync(ModelPublisher publisher, string name, DecoderShape shape)
    {
        using var folder = new TemporaryFolder();
        await PushAsync(publisher, name, ModelTasks.TextGeneration, DecoderBuilder.WriteRandom(folder.File("decoder"), shape));
    }

    /// <summary>Pushes our own language model, whose answers can be read.</summary>
    public static Task PushTinyLmAsync(ModelPublisher publisher) =>
        PushAsync(publisher, TinyLm.Name, ModelTasks.TextGeneration, TinyLm.Graph);

    /// <summary>Pushes a graph; that its rows may be batched is not looked for.</summary>
    public static async Task PushAsync(ModelPublisher publisher, string name, OnnxGraph graph)
    {
        using var folder = new TemporaryFolder();
        using var prepared = await GraphPreparation.RunAsync(
            graph.WriteTo(folder.File("model.onnx")), new PreparationOptions { MaxBatch = 1 }, null, CancellationToken.None);
        await publisher.PublishAsync(prepared.ToDraft(name, []));
    }

    /// <summary>Pushes <c>y = factor · x</c> as the next version of <paramref name="name"/>.</summary>
    public static async Task<ModelManifest> PushScaleAsync(ModelPublisher publisher, string name, float factor)
    {
        using var folder = new TemporaryFolder();
        return await PushAsync(publisher, name, null, OnnxGraphs.Scale(factor).WriteTo(folder.File("model.onnx")));
    }

    private static async Task<ModelManifest> PushAsync(
        ModelPublisher publisher, string name, string? task, string graph, params string[] others)
    {
        using var prepared = await GraphPreparation.RunAsync(graph, new PreparationOptions { Task = task }, null, CancellationToken.None);
        return await publisher.PublishAsync(prepared.ToDraft(name, others) with { Task = task });
    }
}
