using static Onnx.TensorProto.Types;
using static Serverless.SampleModels.Decoders.GraphWriter;

namespace Serverless.SampleModels.Decoders;

/// <summary>Attention in plain operators: rotation from <c>position_ids</c>, past and new concatenated, a causal mask of the graph's own.</summary>
internal sealed class PlainAttentionWriter(DecoderShape shape, GraphWriter graph) : IAttentionWriter
{
    private const string Cosines = "rotary/cos";
    private const string Sines = "rotary/sin";
    private const string Bias = "mask/bias";

    private int _casts;

    public void Begin()
    {
        graph.Input("position_ids", DataType.Int64, "batch_size", "sequence_length");
        var table = RotaryTable.Of(shape);
        Rotation(Cosines, graph.Weight("rotary.cos", table.Cosines, shape.Context, shape.HeadSize / 2));
        Rotation(Sines, graph.Weight("rotary.sin", table.Sines, shape.Context, shape.HeadSize / 2));
        Mask();
    }

    public string Norm(string name, string x, string weight)
    {
        // Squares of half floats overflow from 256 on.
        var wide = shape.Half ? graph.Node("Cast", $"{name}/wide", [x], Attribute("to", (long)DataType.Float)) : x;
        var squares = graph.Node("Pow", $"{name}/squares", [wide, graph.Single("two", 2)]);
        var mean = graph.Node("ReduceMean", $"{name}/mean", [squares], Attribute("axes", [-1L]), Attribute("keepdims", 1L));
        var shifted = graph.Node("Add", $"{name}/shifted", [mean, graph.Single("epsilon", shape.Epsilon)]);
        var root = graph.Node("Sqrt", $"{name}/root", [shifted]);
        var scaled = graph.Node("Div", $"{name}/scaled", [wide, root]);
        var narrow = shape.Half ? graph.Node("Cast", $"{name}/narrow", [scaled], Attribute("to", (long)DataType.Float16)) : scaled;
        return graph.Node("Mul", name, [narrow, weight]);
    }

    public string Attend(int layer, string query, string key, string value)
    {
        var name = $"layers.{layer}/attention";
        var q = Rotated($"{name}/q", Split($"{name}/q", query, shape.Heads));
        var k = Rotated($"{name}/k", Split($"{name}/k", key, shape.KeyValueHeads));
        var v = Split($"{name}/v", value, shape.KeyValueHeads);
        var keys = Joined($"past_key_values.{layer}.key", k, $"present.{layer}.key");
        var values = Joined($"past_key_values.{layer}.value", v, $"present.{layer}.value");
        var turned = graph.Node("Transpose", $"{name}/turned", [Repeated($"{name}/k", keys)], Attribute("perm", 0, 1, 3, 2));
        var products = graph.Node("MatMul", $"{name}/products", [q, turned]);
        var scaled = graph.Node("Mul", $"{name}/scaled", [products, Scale()]);
        var masked = graph.Node("Add", $"{name}/masked", [scaled, Bias]);
        var shares = graph.Node("Softmax", $"{name}/shares", [masked], Attribute("axis", -1L));
        var mixed = graph.Node("MatMul", $"{name}/mixed", [shares, Repeated($"{name}/v", values)]);
        var back = graph.Node("Transpose", $"{name}/back", [mixed], Attribute("perm", 0, 2, 1, 3));
        return graph.Node("Reshape", $"{name}/attended", [back, graph.Numbers(0, 0, shape.Heads * shape.HeadSize)]);
    }

    private string Scale() => Floats("scale", 1 / MathF.Sqrt(shape.HeadSize));

    private string Floats(string name, float value)
    {
        var constant = graph.Single(name, value);
        return shape.Half ? graph.Node("Cast", $"{name}/half_{_casts++}", [constant], Attribute("to", (long)DataType.Float16)) : constant;
    }

    // [batch, sequence] of positions to [batch, 1, sequence, size / 2].
    private void Rotation(string name, string table) =>
        graph.Node("Unsqueeze", name, [graph.Node("Gather", $"{name}/rows", [table, "position_ids"]), graph.Numbers(1)]);

    // Key j is seen by the i-th new token where the mask has it and j is at most past + i.
    private void Mask()
    {
        var newShape = graph.Node("Shape", "mask/new_shape", ["input_ids"]);
        var newLength = graph.Node("Gather", "mask/new_length", [newShape, graph.Number(1)]);
        var totalShape = graph.Node("Shape", "mask/total_shape", ["attention_mask"]);
        var total = graph.Node("Gather", "mask/total", [totalShape, graph.Number(1)]);
        var past = graph.Node("Sub", "mask/past", [total, newLength]);
        var keys = graph.Node("Range", "mask/keys", [graph.Number(0), total, graph.Number(1)]);
        var queries = graph.Node("Range", "mask/queries", [past, total, graph.Number(1)]);
        var column = graph.Node("Unsqueeze", "mask/column", [queries, graph.Numbers(1)]);
        var causal = graph.Node("LessOrEqual", "mask/causal", [keys, column]);
        var present = graph.Node("Cast", "mask/present", ["attention_mask"], Attribute("to", (long)DataType.Bool));
        var row = graph.Node("Unsqueeze", "mask/row", [present, graph.Numbers(1, 2)]);
        var seen = graph.Node("And", "mask/seen", [causal, row]);
        // The lowest number rather than infinity: a row of padding alone must not become NaN.
        graph.Node("Where", Bias, [seen, Floats("zero", 0), Floats("lowest", shape.Half ? -65504 : float.MinValue)]);
    }

    private string Split(string name, string x, int heads)
    {
        var split = graph.Node("Reshape", $"{name}/split", [x, graph.Numbers(0, 0, heads, shape.HeadSize)]);
        return graph.Node("Transpose", $"{name}/heads", [split], Attribute("perm", 0, 2, 1, 3));
    }

    private string Rotated(string name, string x)
    {
        var (first, second) = ($"{name}/first", $"{name}/second");
        graph.Node("Split", [x, graph.Numbers(shape.HeadSize / 2, shape.HeadSize / 2)], [first, second], Attribute("axis", -1L));
        var left = graph.Node("Sub", $"{name}/left", [Product($"{name}/fc", first, Cosines), Product($"{name}/ss", second, Sines)]);
        var right = graph.Node("Add", $"{name}/right", [Product($"{name}/sc", second, Cosines), Product($"{name}/fs", first, Sines)]);
        return graph.Node("Concat", $"{name}/rotated", [left, right], Attribute("axis", -1L));
    }

    private string Product(string name, string x, string y) => graph.Node("Mul", name, [x, y]);

    private string Joined(string past, string added, string present) =>
        graph.Node("Concat", present, [past, added], Attribute("axis", 2L));

    // [batch, key-value heads, total, size] to [batch, heads, total, size]: each for all heads of its group.
    private string Repeated(string name, string x)
    {
        var group = shape.Heads / shape.KeyValueHeads;
        if (group == 1)
            return x;
        var apart = graph.Node("Unsqueeze", $"{name}/apart", [x, graph.Numbers(2)]);
        var dimensions = graph.Numbers(1, 1, group, 1, 1);
        var expanded = graph.Node("Expand", $"{name}/expanded", [apart, dimensions]);
        return graph.Node("Reshape", $"{name}/repeated", [expanded, graph.Numbers(0, shape.Heads, -1, shape.HeadSize)]);
    }
}
