using Onnx;
using static Onnx.TensorProto.Types;

namespace Serverless.SampleModels.Decoders;

/// <summary>Writes a decoder's graph from <c>input_ids</c> to <c>logits</c>.</summary>
internal sealed class DecoderGraph
{
    private readonly DecoderShape _shape;
    private readonly GraphWriter _graph;
    private readonly IAttentionWriter _attention;

    private DecoderGraph(DecoderShape shape, GraphWriter graph)
    {
        (_shape, _graph) = (shape, graph);
        _attention = shape.Kind == DecoderKind.GroupQuery ? new GroupQueryWriter(shape, graph) : new PlainAttentionWriter(shape, graph);
    }

    public static ModelProto Write(DecoderShape shape, WeightSource source, WeightFile file)
    {
        var graph = new GraphWriter(shape, source, file);
        new DecoderGraph(shape, graph).Write();
        return graph.ToModel();
    }

    private void Write()
    {
        _graph.Input("input_ids", DataType.Int64, "batch_size", "sequence_length");
        _graph.Input("attention_mask", DataType.Int64, "batch_size", "total_sequence_length");
        _attention.Begin();
        _graph.Output("logits", _graph.Float, "batch_size", "sequence_length", _shape.Vocabulary);
        var embedding = _graph.Weight("embedding", _shape.Vocabulary, _shape.Hidden);
        var x = _graph.Node("Gather", "embedded", [embedding, "input_ids"]);
        for (var layer = 0; layer < _shape.Layers; layer++)
            x = FeedForward(layer, Attention(layer, x));
        var last = _attention.Norm("norm/output", x, _graph.Weight("norm", _shape.Hidden));
        var head = _shape.Tied
            ? _graph.Node("Transpose", "head/turned", [embedding], GraphWriter.Attribute("perm", 1, 0))
            : _graph.Weight("head", _shape.Hidden, _shape.Vocabulary);
        _graph.Node("MatMul", "logits", [last, head]);
    }

    private string Attention(int layer, string x)
    {
        var name = $"layers.{layer}.attention";
        Cache(layer);
        var normed = _attention.Norm($"{name}.norm/output", x, _graph.Weight($"{name}.norm", _shape.Hidden));
        var (wide, narrow) = (_shape.Heads * _shape.HeadSize, _shape.KeyValueHeads * _shape.HeadSize);
        var attended = _attention.Attend(
            layer, Times(normed, $"{name}.q", _shape.Hidden, wide), Times(normed, $"{name}.k", _shape.Hidden, narrow),
            Times(normed, $"{name}.v", _shape.Hidden, narrow));
        return _graph.Node("Add", $"{name}/added", [x, Times(attended, $"{name}.o", wide, _shape.Hidden)]);
    }

    private string FeedForward(int layer, string x)
    {
        var name = $"layers.{layer}.mlp";
        var normed = _attention.Norm($"{name}.norm/output", x, _graph.Weight($"{name}.norm", _shape.Hidden));
        var gate = Times(normed, $"{name}.gate", _shape.Hidden, _shape.Intermediate);
        var opened = _graph.Node("Mul", $"{name}/opened", [gate, _graph.Node("Sigmoid", $"{name}/sigmoid", [gate])]);
        var product = _graph.Node("Mul", $"{name}/product", [opened, Times(normed, $"{name}.up", _shape.Hidden, _shape.Intermediate)]);
        return _graph.Node("Add", $"{name}/added", [x, Times(product, $"{name}.down", _shape.Intermediate, _shape.Hidden)]);
    }

    private string Times(string x, string weight, int rows, int columns) =>
        _graph.Node("MatMul", $"{weight}/output", [x, _graph.Weight(weight, rows, columns)]);

    private void Cache(int layer)
    {
        foreach (var part in (string[])["key", "value"])
        {
            _graph.Input($"past_key_values.{layer}.{part}", _graph.Float, "batch_size", _shape.KeyValueHeads, "past_sequence_length", _shape.HeadSize);
            _graph.Output($"present.{layer}.{part}", _graph.Float, "batch_size", _shape.KeyValueHeads, "total_sequence_length", _shape.HeadSize);
        }
    }
}
