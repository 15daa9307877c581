using Google.Protobuf;
using Onnx;

namespace Serverless.Benchmarks.Serving;

/// <summary>Frees the batch dimension of a graph that was exported for one row.</summary>
internal static class FreeBatch
{
    private const string Batch = "batch";

    /// <summary>Writes the freed graph, and returns its one input's name.</summary>
    public static string Write(string source, string target)
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(source));
        var weights = model.Graph.Initializer.Select(tensor => tensor.Name).ToHashSet();
        var input = model.Graph.Input.Single(value => !weights.Contains(value.Name));
        Free(input);
        foreach (var output in model.Graph.Output)
            Free(output);
        // What the exporter knew of the shapes in between is true of one row only.
        model.Graph.ValueInfo.Clear();
        File.WriteAllBytes(target, model.ToByteArray());
        return input.Name;
    }

    private static void Free(ValueInfoProto value) => value.Type.TensorType.Shape.Dim[0] =
        new TensorShapeProto.Types.Dimension { DimParam = Batch };
}
