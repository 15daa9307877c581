using Serverless.Inference.Onnx;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
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

    public const string SmallRequest = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1.5,2]}]}""";

    public static readonly float[] SmallAnswer = [3, 4];

    public static async Task PushAsync(ModelPublisher publisher)
    {
        using var folder = new TemporaryFolder();
        await PushScaleAsync(publisher, Small, 2);
        var (graph, vocabulary) = Serverless.SampleModels.MiniLm.WriteTo(folder.Path);
        var files = new Dictionary<string, string> { ["model.onnx"] = graph, ["vocab.txt"] = vocabulary };
        await PushAsync(publisher, MiniLm, files, ModelTasks.TextEmbedding);
    }

    /// <summary>Pushes <c>y = factor · x</c> as the next version of <paramref name="name"/>.</summary>
    public static async Task<ModelManifest> PushScaleAsync(ModelPublisher publisher, string name, float factor)
    {
        using var folder = new TemporaryFolder();
        var graph = OnnxGraphs.Scale(factor).WriteTo(folder.File("model.onnx"));
        return await PushAsync(publisher, name, new Dictionary<string, string> { ["model.onnx"] = graph }, task: null);
    }

    private static Task<ModelManifest> PushAsync(
        ModelPublisher publisher, string name, Dictionary<string, string> files, string? task)
    {
        var signature = OnnxSignature.Read(files["model.onnx"]);
        var draft = new ModelDraft(name, files) { Inputs = signature.Inputs, Outputs = signature.Outputs, Task = task };
        return publisher.PublishAsync(draft);
    }
}
