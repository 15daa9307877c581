using Onnx;

namespace Serverless.Optimization.Pruning;

/// <summary>What queries, keys or values of an attention are made by: a product, its bias, and how its outputs are cut into heads.</summary>
/// <param name="Input">What is multiplied.</param>
/// <param name="Weights">The matrix, and the bias where there is one.</param>
/// <param name="Shape">The Reshape to [rows, tokens, heads, numbers of a head].</param>
internal sealed record AttentionPart(string Input, IReadOnlyList<UnitWeights> Weights, ShapeEnd Shape)
{
    /// <summary>Follows the value of a Reshape back to the product.</summary>
    /// <returns>Null where it is made otherwise, or others read it on the way.</returns>
    public static AttentionPart? Before(NodeProto reshape, GraphFlow flow)
    {
        var value = reshape.Input[0];
        if (!IsReadOnlyBy(reshape, value, flow) || flow.MakerOf(value) is not { } maker)
            return null;
        var weights = new List<UnitWeights>();
        if (maker.OpType == "Add")
        {
            var input = flow.WeightOf(maker.Input[0]) is null ? 1 : 0;
            if (flow.WeightOf(maker.Input[input]) is not { } bias || !IsReadOnlyBy(maker, maker.Input[1 - input], flow))
                return null;
            weights.Add(new UnitWeights(maker, input, bias, bias.Dims.Count - 1, IsMatrix: false));
            if (flow.MakerOf(maker.Input[1 - input]) is not { } behind)
                return null;
            maker = behind;
        }

        if (flow.MatrixOf(maker) is not { } matrix)
            return null;
        weights.Insert(0, UnitWeights.Of(maker, matrix, outputs: true));
        if (flow.WeightOf(maker.Input.ElementAtOrDefault(2) ?? "") is { } added)
            weights.Add(new UnitWeights(maker, 2, added, added.Dims.Count - 1, IsMatrix: false));
        return new AttentionPart(maker.Input[0], weights, new ShapeEnd(flow, reshape));
    }

    /// <summary>How many heads the outputs are cut into; null where that is not written in the graph, or they do not fit.</summary>
    public int? Heads
    {
        get
        {
            var width = Weights[0].Tensor.Dims[Weights[0].Axis];
            var heads = Shape.Size(1) is > 0 and var written ? written : Shape.Size(0) is > 0 and var size ? width / size : 0;
            var fits = heads > 0 && width % heads == 0 && Weights.All(weights => weights.Tensor.Dims.Count > 0 && weights.Tensor.Dims[weights.Axis] == width);
            return fits ? (int)heads : null;
        }
    }

    // Shapes may be looked at: what is read of them is rows and tokens.
    internal static bool IsReadOnlyBy(NodeProto reader, string value, GraphFlow flow) =>
        !flow.Uses.IsUsedElsewhere(value) && flow.Uses.Of(value).All(use => use.Node == reader || use.Node.OpType == "Shape");
}
