using Onnx;

namespace Serverless.Optimization.Graphs;

/// <summary>Constants written as nodes become initializers, which every stage that reads them gets and every pass finds.</summary>
internal static class ConstantNodes
{
    public static void ToInitializers(GraphProto graph)
    {
        foreach (var node in graph.Node.Where(node => node.OpType == "Constant").ToList())
        {
            if (node.Attribute.FirstOrDefault(attribute => attribute.Name == "value")?.T is not { } tensor)
                continue;
            tensor.Name = node.Output[0];
            graph.Initializer.Add(tensor);
            graph.Node.Remove(node);
        }
    }
}
