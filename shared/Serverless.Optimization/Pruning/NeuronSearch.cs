using Onnx;
using Serverless.Optimization.Graphs;

namespace Serverless.Optimization.Pruning;

/// <summary>
/// Finds the neurons in front of a product: what makes its input number by number, back to the products that they come from. All of it
/// must be read by nothing else, so that a neuron that goes is missed by this product alone.
/// </summary>
internal sealed class NeuronSearch
{
    private static readonly HashSet<string> NumberByNumber =
    [
        "Relu", "LeakyRelu", "Elu", "Selu", "Celu", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Erf", "Gelu", "FastGelu", "BiasGelu",
        "QuickGelu", "Mish", "Softplus", "Softsign", "Clip", "Abs", "Neg", "Exp", "Identity", "Add", "Sub", "Mul", "Div", "Pow",
    ];

    private readonly GraphFlow _flow;
    private readonly long _width;
    private readonly HashSet<string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<NodeProto> _nodes = [];
    private readonly List<UnitWeights> _weights = [];

    private NeuronSearch(GraphFlow flow, long width) => (_flow, _width) = (flow, width);

    /// <returns>Null where there are none that could be taken out.</returns>
    public static UnitGroup? Before(NodeProto product, GraphFlow flow)
    {
        if (flow.MatrixOf(product) is not { } matrix)
            return null;
        var incoming = UnitWeights.Of(product, matrix, outputs: false);
        var search = new NeuronSearch(flow, matrix.Dims[incoming.Axis]);
        return search.Follow(product.Input[0]) && search.FindReaders()
            ? new UnitGroup((int)search._width, 1, search._weights)
            : null;
    }

    private bool Follow(string value)
    {
        if (!_values.Add(value))
            return true;
        if (_flow.Uses.IsUsedElsewhere(value) || _flow.MakerOf(value) is not { } maker)
            return false;
        return _flow.MatrixOf(maker) is { } matrix
            ? TakeProduct(maker, matrix)
            : NumberByNumber.Contains(maker.OpType) && maker.Output.Count == 1 && _nodes.Add(maker) && TakeInputs(maker);
    }

    private bool TakeProduct(NodeProto product, TensorProto matrix)
    {
        var outgoing = UnitWeights.Of(product, matrix, outputs: true);
        _weights.Add(outgoing);
        return matrix.Dims[outgoing.Axis] == _width
            && (string.IsNullOrEmpty(product.Input.ElementAtOrDefault(2)) || TakeConstant(product, 2));
    }

    private bool TakeInputs(NodeProto node)
    {
        for (var input = 0; input < node.Input.Count; input++)
        {
            var name = node.Input[input];
            if (name.Length > 0 && !(_flow.WeightOf(name) is null ? Follow(name) : TakeConstant(node, input)))
                return false;
        }

        return true;
    }

    // A bias is cut with its neurons; one number for all stays.
    private bool TakeConstant(NodeProto node, int input)
    {
        if (_flow.WeightOf(node.Input[input]) is not { } tensor)
            return false;
        if (tensor.Dims.Count == 0 || tensor.Dims[^1] == 1)
            return true;
        if (tensor.Dims[^1] != _width || !Tensors.IsFloat(tensor))
            return false;
        _weights.Add(new UnitWeights(node, input, tensor, tensor.Dims.Count - 1, IsMatrix: false));
        return true;
    }

    private bool FindReaders()
    {
        foreach (var use in _values.SelectMany(_flow.Uses.Of).Where(use => !_nodes.Contains(use.Node)))
        {
            if (use.Input != 0 || _flow.MatrixOf(use.Node) is not { } matrix)
                return false;
            _weights.Add(UnitWeights.Of(use.Node, matrix, outputs: false));
        }

        return true;
    }
}
