using Google.Protobuf;
using Onnx;
using Serverless.Inference.Onnx.Preparation;

namespace Serverless.Optimization.Graphs;

/// <summary>Writes models: a file of protobuf cannot be above 2 GiB, so that many weights go into a file beside it.</summary>
internal static class ModelFiles
{
    public const string GraphName = "model.onnx";
    public const string WeightsName = "model.onnx.data";

    private const int MaxInline = 256 << 20;
    private const int MinOutside = 1024;
    private const int Alignment = 64;

    public static string Write(ModelProto model, string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, GraphName);
        var written = model;
        if (model.Graph.Initializer.Sum(tensor => (long)tensor.RawData.Length) > MaxInline)
        {
            written = WithoutWeights(model);
            using var weights = File.Create(Path.Combine(folder, WeightsName));
            for (var i = 0; i < model.Graph.Initializer.Count; i++)
            {
                if (model.Graph.Initializer[i].RawData.Length >= MinOutside)
                    Append(weights, model.Graph.Initializer[i].RawData, written.Graph.Initializer[i]);
            }
        }

        using var graph = File.Create(path);
        written.WriteTo(graph);
        return path;
    }

    /// <summary>What a graph's file and the weights beside it take, in bytes.</summary>
    public static long SizeOf(string graph)
    {
        var file = OnnxFile.Read(graph);
        var outside = GraphWalk.Tensors(file.Model).Where(ExternalData.Has).Select(tensor => ExternalData.Of(tensor).Location).Distinct();
        return new FileInfo(graph).Length + outside.Sum(location => new FileInfo(Path.Combine(file.Folder, location)).Length);
    }

    // ByteString is never copied by Clone, so that this is cheap.
    private static ModelProto WithoutWeights(ModelProto model)
    {
        var copy = model.Clone();
        foreach (var tensor in copy.Graph.Initializer.Where(tensor => tensor.RawData.Length >= MinOutside))
            tensor.RawData = ByteString.Empty;
        return copy;
    }

    private static void Append(FileStream weights, ByteString bytes, TensorProto tensor)
    {
        var start = (weights.Position + Alignment - 1) / Alignment * Alignment;
        weights.Position = start;
        weights.Write(bytes.Span);
        ExternalData.Set(tensor, WeightsName, start, bytes.Length);
    }
}
