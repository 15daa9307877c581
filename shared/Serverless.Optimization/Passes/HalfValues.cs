using Onnx;
using Serverless.Optimization.Graphs;
using static Onnx.TensorProto.Types;
using static Serverless.Optimization.Graphs.Operators;

namespace Serverless.Optimization.Passes;

/// <summary>
/// Values of a graph in either precision, with a Cast for those that are wanted in the other one than they are made in. In floats a value
/// keeps its name.
/// </summary>
internal sealed class HalfValues(ModelGraph model)
{
    private readonly Dictionary<string, TensorProto> _weights = model.Graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, string> _halves = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _canHold = new(StringComparer.Ordinal);
    private readonly HashSet<string> _made = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NodeProto> _withoutFloats = new(StringComparer.Ordinal);

    /// <summary>How many Casts there are.</summary>
    public int Casts { get; private set; }

    /// <summary>A constant, or null.</summary>
    public TensorProto? WeightOf(string name) => _weights.GetValueOrDefault(name);

    /// <summary>Whether the value is made in half precision.</summary>
    public bool IsHalf(string name) => _made.Contains(name);

    /// <summary>Whether half precision holds the constant: nothing becomes infinite, and not all that was something becomes nothing.</summary>
    public bool CanHold(string name)
    {
        if (_canHold.TryGetValue(name, out var known))
            return known;
        var tensor = _weights[name];
        return _canHold[name] = (DataType)tensor.DataType == DataType.Float && CanHold(Tensors.Floats(tensor));
    }

    /// <summary>Has <paramref name="node"/> compute in half precision.</summary>
    public void Take(NodeProto node, IEnumerable<int> inputs)
    {
        foreach (var input in inputs)
            node.Input[input] = HalfOf(node.Input[input], node);
        for (var output = 0; output < node.Output.Count; output++)
        {
            var name = node.Output[output];
            _made.Add(name);
            _withoutFloats.Add(name, node);
            node.Output[output] = _halves[name] = model.NewName(name + "/half");
        }
    }

    /// <summary>Gives <paramref name="node"/>, which computes in floats, what it reads.</summary>
    public void Restore(NodeProto node)
    {
        for (var input = 0; input < node.Input.Count; input++)
        {
            if (HalfOperators.TakesAnyType(node) && _made.Contains(node.Input[input]))
                node.Input[input] = _halves[node.Input[input]];
            else
                Restore(node.Input[input]);
        }
    }

    /// <summary>Gives the graph's outputs, and the bodies of loops and branches, their floats.</summary>
    public void RestoreOutputs()
    {
        var uses = new GraphUses(model);
        foreach (var name in _withoutFloats.Keys.Where(uses.IsUsedElsewhere).ToList())
            Restore(name);
    }

    private static bool CanHold(float[] numbers)
    {
        var (any, kept) = (false, false);
        foreach (var number in numbers)
        {
            var half = (Half)number;
            if (!Half.IsFinite(half))
                return false;
            any |= number != 0;
            kept |= half != (Half)0;
        }

        return kept || !any;
    }

    private void Restore(string name)
    {
        if (!_withoutFloats.Remove(name, out var maker))
            return;
        model.Graph.Node.Insert(model.Graph.Node.IndexOf(maker) + 1, Cast(_halves[name], name, DataType.Float));
    }

    private string HalfOf(string name, NodeProto reader)
    {
        if (_halves.TryGetValue(name, out var known))
            return known;
        var half = _halves[name] = model.NewName(name + "/half");
        if (_weights.TryGetValue(name, out var tensor))
            model.Add(Tensors.Floats(half, (int)DataType.Float16, Tensors.Floats(tensor), [.. tensor.Dims]));
        else
            model.InsertBefore(reader, Cast(name, half, DataType.Float16));
        return half;
    }

    private NodeProto Cast(string from, string to, DataType type)
    {
        Casts++;
        return Node("Cast", [from], to, Attribute("to", (long)type));
    }
}
