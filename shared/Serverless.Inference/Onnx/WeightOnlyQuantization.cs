using Microsoft.ML.OnnxRuntime;
using Onnx;
using Serverless.Inference.Onnx.Preparation;

namespace Serverless.Inference.Onnx;

/// <summary>
/// Whether a graph's weights are stored as whole numbers that DequantizeLinear restores, while it computes in floats: then they are
/// restored once, when it is loaded. A graph that also quantises what it computes stays as it is.
/// </summary>
internal static class WeightOnlyQuantization
{
    /// <summary>
    /// Has the runtime restore the weights when it creates the session. On its own it leaves DequantizeLinear to be run with each request,
    /// or takes kernels that round what comes in to int8 too.
    /// </summary>
    public static void RestoreOnce(SessionOptions options) => options.AddSessionConfigEntry("session.disable_quant_qdq", "1");

    public static bool Is(ReadOnlySpan<byte> graph) => Is(ModelProto.Parser.ParseFrom(graph));

    public static bool Is(ModelProto model)
    {
        var operators = GraphWalk.Nodes(model).Select(node => node.OpType).ToHashSet(StringComparer.Ordinal);
        return operators.Contains("DequantizeLinear") && !operators.Contains("QuantizeLinear");
    }
}
