using Onnx;

namespace Serverless.Inference.Onnx.Preparation;

/// <summary>Goes over a model with the bodies of its loops, branches and functions.</summary>
internal static class GraphWalk
{
    /// <summary>The graph and every graph within it.</summary>
    public static IEnumerable<GraphProto> Graphs(ModelProto model) =>
        Nested(model.Graph).Concat(model.Functions.SelectMany(function => function.Node).SelectMany(GraphsOf));

    /// <summary>Every node.</summary>
    public static IEnumerable<NodeProto> Nodes(ModelProto model) =>
        Graphs(model).SelectMany(graph => graph.Node).Concat(model.Functions.SelectMany(function => function.Node));

    /// <summary>Every tensor that the model holds or names.</summary>
    public static IEnumerable<TensorProto> Tensors(ModelProto model) =>
        Graphs(model).SelectMany(graph => graph.Initializer).Concat(Nodes(model).SelectMany(node => node.Attribute).SelectMany(TensorsOf));

    private static IEnumerable<GraphProto> Nested(GraphProto graph) => graph.Node.SelectMany(GraphsOf).Prepend(graph);

    private static IEnumerable<GraphProto> GraphsOf(NodeProto node) =>
        node.Attribute
            .SelectMany(attribute => attribute.G is null ? attribute.Graphs : attribute.Graphs.Append(attribute.G))
            .SelectMany(Nested);

    private static IEnumerable<TensorProto> TensorsOf(AttributeProto attribute) =>
        attribute.T is null ? attribute.Tensors : attribute.Tensors.Append(attribute.T);
}
