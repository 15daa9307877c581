using Serverless.TestKit.Onnx;
using static Onnx.TensorProto.Types;

namespace Serverless.Conformance.Data;

/// <summary>Models that ONNX Runtime loads, but whose inputs its C# binding has no type for.</summary>
internal static class UnbindableGraphs
{
    /// <summary>ONNX's number of each type; newer than the message types that the tests build graphs with.</summary>
    public static IReadOnlyDictionary<string, int> Types { get; } = new Dictionary<string, int> { ["float8"] = 17, ["int4"] = 22 };

    /// <summary>Writes a model for each type into <paramref name="folder"/>.</summary>
    public static IEnumerable<(string Type, string File)> Write(string folder)
    {
        foreach (var (type, number) in Types)
        {
            var graph = new OnnxGraph(irVersion: 10, opset: 21)
                .Input("x", (DataType)number, 2).Output("y", DataType.Float, 2).Node(
                    "Cast", "x", "y", OnnxGraph.Attribute("to", (long)DataType.Float));
            yield return (type, graph.WriteTo(Path.Combine(folder, $"{type}.onnx")));
        }
    }
}
