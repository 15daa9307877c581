using Onnx;
using Serverless.Optimization.Graphs;

namespace Serverless.Optimization.Pruning;

/// <summary>Who makes and who reads each value of a graph, as it was when this was made.</summary>
internal sealed class GraphFlow
{
    private readonly Dictionary<string, NodeProto> _makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> _weights;

    public GraphFlow(ModelGraph model)
    {
        Uses = new GraphUses(model);
        _weights = model.Graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (var node in model.Graph.Node)
        {
            foreach (var output in node.Output)
                _makers.TryAdd(output, node);
        }
    }

    public GraphUses Uses { get; }

    /// <summary>The node of the main graph that makes a value, or null.</summary>
    public NodeProto? MakerOf(string value) => _makers.GetValueOrDefault(value);

    /// <summary>The same where it is of this kind.</summary>
    public NodeProto? MakerOf(string value, string operatorType) =>
        MakerOf(value) is { } maker && maker.OpType == operatorType ? maker : null;

    /// <summary>A constant, or null.</summary>
    public TensorProto? WeightOf(string name) => _weights.GetValueOrDefault(name);

    /// <summary>The matrix by which a node multiplies what comes in, or null where it does not.</summary>
    public TensorProto? MatrixOf(NodeProto node) =>
        node.OpType is "MatMul" or "Gemm" && node.Number("transA", 0) == 0 && WeightOf(node.Input[0]) is null
        && WeightOf(node.Input[1]) is { Dims.Count: 2 } matrix && Tensors.IsFloat(matrix) ? matrix : null;
}
