using Onnx;

namespace Serverless.Inference.Onnx.Preparation;

/// <summary>
/// Initializers of which rows are looked up and nothing else, such as embeddings: half of MiniLM. The runtime lays out other weights while it
/// builds a session; these it reads when it runs.
/// </summary>
internal static class LookupTables
{
    /// <summary>Smaller ones are there at once.</summary>
    public const long MinBytes = 1 << 20;

    /// <summary>Names of what only <c>Gather</c> reads, and only as its data.</summary>
    public static IReadOnlySet<string> Of(ModelProto model)
    {
        var lookedUp = new HashSet<string>(StringComparer.Ordinal);
        var read = GraphWalk.Graphs(model).SelectMany(graph => graph.Output).Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var node in GraphWalk.Nodes(model))
        {
            var isGather = node is { OpType: "Gather", Domain: "" or "ai.onnx" };
            for (var i = 0; i < node.Input.Count; i++)
                (isGather && i == 0 ? lookedUp : read).Add(node.Input[i]);
        }

        lookedUp.ExceptWith(read);
        return lookedUp;
    }
}
