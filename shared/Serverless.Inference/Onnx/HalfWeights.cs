using Onnx;
using Serverless.Inference.Onnx.Preparation;
using static Onnx.TensorProto.Types;

namespace Serverless.Inference.Onnx;

/// <summary>
/// Whether a graph's weights are in half precision. Kernels for processors compute in floats: the runtime widens such weights when it
/// optimises the graph, and a graph that was saved after that would be twice as large.
/// </summary>
internal static class HalfWeights
{
    // Smaller ones are constants, not weights.
    private const long MinNumbers = 512;

    // A few roundings to 11 bits, which fall otherwise where sums are made in another order: 1e-4 on MiniLM.
    private const double RoundingPrecision = 4e-3;

    /// <summary>How far two computations of the same answer may be apart at the least, in parts of its size.</summary>
    public static double PrecisionOf(ModelProto model) => Are(model) ? RoundingPrecision : 0;

    public static bool Are(ModelProto model) => GraphWalk.Graphs(model).SelectMany(graph => graph.Initializer).Any(tensor =>
        (DataType)tensor.DataType == DataType.Float16 && tensor.Dims.Aggregate(1L, (product, size) => product * size) >= MinNumbers);
}
