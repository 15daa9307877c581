using static Onnx.TensorProto.Types;
using static Serverless.SampleModels.Decoders.GraphWriter;

namespace Serverless.SampleModels.Decoders;

/// <summary>Attention as one operator, told where each row ends by the mask's sums.</summary>
internal sealed class GroupQueryWriter(DecoderShape shape, GraphWriter graph) : IAttentionWriter
{
    private const string Ends = "attention/ends";
    private const string Total = "attention/total";
    private const string Cosines = "rotary.cos";
    private const string Sines = "rotary.sin";

    public void Begin()
    {
        var sums = graph.Node("ReduceSum", "attention/lengths", ["attention_mask", graph.Numbers(1)], Attribute("keepdims", 0L));
        var last = graph.Node("Sub", "attention/last", [sums, graph.Numbers(1)]);
        graph.Node("Cast", Ends, [last], Attribute("to", (long)DataType.Int32));
        var dimensions = graph.Node("Shape", "attention/mask_shape", ["attention_mask"]);
        var total = graph.Node("Gather", "attention/mask_width", [dimensions, graph.Number(1)], Attribute("axis", 0L));
        graph.Node("Cast", Total, [total], Attribute("to", (long)DataType.Int32));
        var table = RotaryTable.Of(shape);
        graph.Weight(Cosines, table.Cosines, shape.Context, shape.HeadSize / 2);
        graph.Weight(Sines, table.Sines, shape.Context, shape.HeadSize / 2);
    }

    public string Norm(string name, string x, string weight) => graph.Node(
        "SimplifiedLayerNormalization", name, [x, weight],
        Attribute("axis", -1L), Attribute("epsilon", shape.Epsilon), Attribute("stash_type", 1L));

    public string Attend(int layer, string query, string key, string value)
    {
        var result = $"layers.{layer}/attention/attended";
        graph.Contributed(
            "GroupQueryAttention",
            [query, key, value, $"past_key_values.{layer}.key", $"past_key_values.{layer}.value", Ends, Total, Cosines, Sines],
            [result, $"present.{layer}.key", $"present.{layer}.value"],
            Attribute("num_heads", (long)shape.Heads),
            Attribute("kv_num_heads", (long)shape.KeyValueHeads),
            Attribute("scale", 1 / MathF.Sqrt(shape.HeadSize)),
            Attribute("do_rotary", 1L),
            Attribute("rotary_interleaved", 0L));
        return result;
    }
}
