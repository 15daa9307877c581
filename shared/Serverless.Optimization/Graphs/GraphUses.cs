using Serverless.Inference.Onnx.Preparation;

namespace Serverless.Optimization.Graphs;

/// <summary>Who reads what in a graph, as it was when this was made.</summary>
internal sealed class GraphUses
{
    private readonly Dictionary<string, List<WeightUse>> _uses = new(StringComparer.Ordinal);
    private readonly HashSet<string> _elsewhere;

    public GraphUses(ModelGraph graph)
    {
        foreach (var node in graph.Graph.Node)
        {
            for (var input = 0; input < node.Input.Count; input++)
            {
                if (!_uses.TryGetValue(node.Input[input], out var uses))
                    _uses.Add(node.Input[input], uses = []);
                uses.Add(new WeightUse(node, input));
            }
        }

        var outer = graph.Graph.Node.ToHashSet();
        _elsewhere = [
            .. GraphWalk.Nodes(graph.Model).Where(node => !outer.Contains(node)).SelectMany(node => node.Input),
            .. GraphWalk.Graphs(graph.Model).SelectMany(body => body.Output).Select(output => output.Name),
        ];
    }

    /// <summary>Reads by nodes of the main graph.</summary>
    public IReadOnlyList<WeightUse> Of(string name) => _uses.TryGetValue(name, out var uses) ? uses : [];

    /// <summary>Whether bodies of loops and branches read it too, or it is an output.</summary>
    public bool IsUsedElsewhere(string name) => _elsewhere.Contains(name);
}
