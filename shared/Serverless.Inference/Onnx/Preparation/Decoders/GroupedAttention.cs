using Onnx;

namespace Serverless.Inference.Onnx.Preparation.Decoders;

/// <summary>Attention of which every layer is one <c>GroupQueryAttention</c>, straight from the graph's past to its present.</summary>
/// <param name="Positions">Rows of the smallest table of rotations; null where there is none.</param>
internal sealed record GroupedAttention(int? Positions)
{
    private const string Operator = "GroupQueryAttention";
    private const int Cosines = 7;

    /// <summary>Null when any layer does otherwise.</summary>
    public static GroupedAttention? Find(ModelProto model, int layers)
    {
        var nodes = model.Graph.Node.Where(node => node.OpType == Operator).ToList();
        var parts = Enumerable.Range(0, layers).Select(layer => DecoderInterface.PartsOf(layer).ToArray());
        return parts.All(part => nodes.Exists(node => Keeps(node, part[0], part[1]))) ? new GroupedAttention(PositionsOf(model, nodes)) : null;
    }

    private static bool Keeps(NodeProto node, string key, string value) =>
        node.Input.Count > 6 && node.Output.Count > 2
        && node.Input[3] == DecoderInterface.PastPrefix + key && node.Input[4] == DecoderInterface.PastPrefix + value
        && node.Output[1] == DecoderInterface.PresentPrefix + key && node.Output[2] == DecoderInterface.PresentPrefix + value;

    private static int? PositionsOf(ModelProto model, List<NodeProto> nodes)
    {
        var tables = nodes.Where(node => node.Input.Count > Cosines).Select(node => node.Input[Cosines]).ToHashSet(StringComparer.Ordinal);
        return model.Graph.Initializer.Where(tensor => tables.Contains(tensor.Name) && tensor.Dims.Count == 2)
            .Select(tensor => (int?)tensor.Dims[0]).Min();
    }
}
