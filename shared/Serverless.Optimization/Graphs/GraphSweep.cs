using Google.Protobuf.Collections;
using Onnx;
using Serverless.Inference.Onnx.Preparation;

namespace Serverless.Optimization.Graphs;

/// <summary>Takes out of a graph what nothing needs any more.</summary>
internal static class GraphSweep
{
    public static void Run(ModelProto model)
    {
        while (RemoveDeadNodes(model))
        {
        }

        var used = Used(model);
        RemoveWhere(model.Graph.Initializer, tensor => !used.Contains(tensor.Name));
        // Before IR 4 every initializer is listed among the inputs too; one that is gone must not be asked for.
        var weights = model.Graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        if (model.IrVersion < 4)
            RemoveWhere(model.Graph.Input, input => !weights.Contains(input.Name) && !used.Contains(input.Name));
        // What is said of values in between may not hold any more.
        model.Graph.ValueInfo.Clear();
    }

    private static bool RemoveDeadNodes(ModelProto model)
    {
        var used = Used(model);
        return RemoveWhere(model.Graph.Node, node => !node.Output.Any(used.Contains));
    }

    private static HashSet<string> Used(ModelProto model) =>
    [
        .. GraphWalk.Nodes(model).SelectMany(node => node.Input),
        .. GraphWalk.Graphs(model).SelectMany(graph => graph.Output).Select(output => output.Name),
    ];

    private static bool RemoveWhere<T>(RepeatedField<T> field, Func<T, bool> isUnwanted)
    {
        var kept = field.Where(item => !isUnwanted(item)).ToList();
        if (kept.Count == field.Count)
            return false;
        field.Clear();
        field.AddRange(kept);
        return true;
    }
}
