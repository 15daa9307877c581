using Google.Protobuf.Collections;
using Onnx;
using Serverless.Inference.Onnx;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Optimization.Graphs;

namespace Serverless.Optimization.Partitioning;

/// <summary>
/// Cuts a graph into stages that run one after another. A cut lies where few values cross it and the weights are shared out evenly, in
/// this order: what crosses is sent with each request, what is uneven only costs room.
/// </summary>
internal sealed class GraphCutter
{
    private const int MaxStages = 64;

    private readonly ModelProto _model;
    private readonly Dictionary<string, TensorProto> _weights;
    private readonly Dictionary<string, int> _makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lastReaders = new(StringComparer.Ordinal);
    private readonly List<string[]> _reads;

    private GraphCutter(ModelGraph graph)
    {
        _model = graph.Model.Clone();
        ConstantNodes.ToInitializers(_model.Graph);
        _weights = _model.Graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        _reads = [.. _model.Graph.Node.Select(ReadsOf)];
        for (var i = 0; i < _reads.Count; i++)
        {
            foreach (var name in _reads[i])
                _lastReaders[name] = i;
            foreach (var name in _model.Graph.Node[i].Output)
                _makers[name] = i;
        }
    }

    /// <exception cref="ArgumentException">No graph is cut into so many stages.</exception>
    /// <exception cref="ModelRefusedException">This one cannot be.</exception>
    public static IReadOnlyList<GraphStage> Cut(ModelGraph graph, int stages)
    {
        if (stages is < 2 or > MaxStages)
            throw new ArgumentException($"A model is cut into 2 to {MaxStages} stages, not {stages}.", nameof(stages));
        var cutter = new GraphCutter(graph);
        int[] ends = [.. cutter.ChooseCuts(stages), cutter._reads.Count - 1];
        return [.. ends.Select((end, stage) => cutter.Take(stage == 0 ? 0 : ends[stage - 1] + 1, end))];
    }

    /// <summary>How many values that nodes made up to <paramref name="node"/> are read after it.</summary>
    internal int CrossingsAfter(int node) =>
        _makers.Count(maker => maker.Value <= node && _lastReaders.TryGetValue(maker.Key, out var reader) && reader > node);

    // The last node of every stage but the last one.
    private List<int> ChooseCuts(int stages)
    {
        var sums = WeightsUpTo();
        var (total, nodes) = (Math.Max(1, sums[^1]), _reads.Count);
        if (nodes < stages)
            throw new ModelRefusedException($"it has {nodes} nodes, which cannot be cut into {stages} stages");
        var cuts = new List<int>();
        for (var stage = 1; stage < stages; stage++)
        {
            var (first, last) = (cuts.Count == 0 ? 0 : cuts[^1] + 1, nodes - 1 - (stages - stage));
            var ideal = (double)stage / stages;
            double Off(int node) => Math.Abs((sums[node] / (double)total) - ideal);
            // Within half a stage of where the weights would be shared out evenly, the narrowest place.
            var near = Enumerable.Range(first, last - first + 1).Where(node => Off(node) <= 0.5 / stages).ToList();
            cuts.Add((near.Count > 0 ? near : [.. Enumerable.Range(first, last - first + 1)]).MinBy(node => CrossingsAfter(node) + Off(node)));
        }

        return cuts;
    }

    private long[] WeightsUpTo()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var sums = new long[_reads.Count];
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] = (i == 0 ? 0 : sums[i - 1])
                + _reads[i].Where(name => _weights.ContainsKey(name) && seen.Add(name)).Sum(name => (long)_weights[name].CalculateSize());
        }

        return sums;
    }

    private GraphStage Take(int first, int last)
    {
        var stage = new ModelProto { IrVersion = Math.Max(4, _model.IrVersion), Graph = new GraphProto { Name = $"{_model.Graph.Name}_{first}" } };
        stage.OpsetImport.Add(_model.OpsetImport);
        stage.Functions.Add(_model.Functions);
        stage.Graph.Node.Add(_model.Graph.Node.Skip(first).Take(last - first + 1));
        var reads = _reads.Skip(first).Take(last - first + 1).SelectMany(names => names).Distinct(StringComparer.Ordinal).ToList();
        stage.Graph.Initializer.Add(reads.Where(_weights.ContainsKey).Select(name => _weights[name]));
        AddTyped(stage.Graph.Input, reads.Where(name => !_weights.ContainsKey(name) && !_makers.ContainsKey(name)), _model.Graph.Input);
        List<string> received = [.. reads.Where(name => _makers.TryGetValue(name, out var maker) && maker < first)];
        stage.Graph.Input.Add(received.Select(name => new ValueInfoProto { Name = name }));
        var wanted = _model.Graph.Output.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
        var made = stage.Graph.Node.SelectMany(node => node.Output).Where(name => name.Length > 0).ToList();
        AddTyped(stage.Graph.Output, made.Where(wanted.Contains), _model.Graph.Output);
        stage.Graph.Output.Add(made.Where(name => !wanted.Contains(name) && _lastReaders.TryGetValue(name, out var reader) && reader > last)
            .Select(name => new ValueInfoProto { Name = name }));
        return new GraphStage(stage, stage.Graph.Initializer.Sum(tensor => (long)tensor.CalculateSize()), received);
    }

    private static void AddTyped(RepeatedField<ValueInfoProto> field, IEnumerable<string> names, RepeatedField<ValueInfoProto> typed) =>
        field.Add(names.Select(name => typed.First(value => value.Name == name)));

    // With what the bodies of loops and branches read from outside of them.
    private static string[] ReadsOf(NodeProto node)
    {
        var inner = GraphWalk.Nodes(new ModelProto { Graph = new GraphProto { Node = { node } } }).ToList();
        var made = inner.SelectMany(body => body.Output).ToHashSet(StringComparer.Ordinal);
        return [.. inner.SelectMany(body => body.Input).Where(name => name.Length > 0 && (node.Input.Contains(name) || !made.Contains(name))).Distinct()];
    }
}
