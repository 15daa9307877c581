using Onnx;
using Serverless.Optimization.Graphs;
using Serverless.Optimization.Quantization;
using static Onnx.TensorProto.Types;
using static Serverless.Optimization.Graphs.Operators;

namespace Serverless.Optimization.Passes;

/// <summary>Writes a weight in blocks and the nodes that read it.</summary>
internal sealed class BlockWriter(ModelGraph model, TensorProto tensor, BlockWeights weights, BlockFormat format, BlockShape shape)
{
    private string? _values;
    private string? _scales;
    private string? _zeros;

    // [rows, blocks, bytes]: as a product wants it. A look-up takes each block for a row of the last axis.
    private string Values => _values ??= Add("values", name =>
        Tensors.Of<byte>(name, DataType.Uint8, weights.Packed, shape.Rows, weights.Blocks, format.BytesOfBlock));

    public void Multiply(NodeProto product)
    {
        _scales ??= Add("scales", name => Tensors.Floats(name, tensor.DataType, weights.Scales, shape.Rows, weights.Blocks));
        var output = product.Output[0];
        var bias = product.OpType == "Gemm" ? product.Input.ElementAtOrDefault(2) : null;
        var result = string.IsNullOrEmpty(bias) ? output : model.NewName(output + "/product");
        string[] inputs = weights.ZeroPoints is { } zeros
            ? [product.Input[0], Values, _scales, _zeros ??= Add("zeros", name => Zeros(name, zeros, shape.Rows, format.BytesOf(weights.Blocks)))]
            : [product.Input[0], Values, _scales];
        var node = Node(
            "MatMulNBits", inputs, result,
            Attribute("K", shape.Columns), Attribute("N", shape.Rows), Attribute("bits", format.Bits),
            Attribute("block_size", format.Size), Attribute("accuracy_level", shape.Accuracy)).In(Contributed);
        if (result == output)
            model.Replace(product, node);
        else
            model.Replace(product, node, Node("Add", [result, bias!], output));
    }

    public void LookUp(NodeProto gather)
    {
        var output = gather.Output[0];
        var scales = Add("table_scales", name => Tensors.Floats(name, tensor.DataType, weights.Scales, shape.Rows, weights.Blocks, 1));
        var inputs = new List<string> { Values, gather.Input[1], scales };
        if (weights.ZeroPoints is { } zeros)
            inputs.Add(Add("table_zeros", name => Zeros(name, OnePerByte(zeros), shape.Rows, weights.Blocks, 1)));
        string Name(string part) => model.NewName($"{output}/{part}");
        var (blocks, dimensions, wanted) = (Name("blocks"), Name("dimensions"), Name("shape"));
        var all = Add("all", name => Tensors.Of<long>(name, DataType.Int64, [-1L], 1));
        model.Replace(
            gather,
            Node(
                "GatherBlockQuantized", [.. inputs], blocks, Attribute("gather_axis", 0), Attribute("quantize_axis", 2),
                Attribute("block_size", format.Size), Attribute("bits", format.Bits)).In(Contributed),
            Node("Shape", [gather.Input[1]], dimensions),
            Node("Concat", [dimensions, all], wanted, Attribute("axis", 0)),
            Node("Reshape", [blocks, wanted], output));
    }

    private static TensorProto Zeros(string name, byte[] zeros, params long[] dimensions) =>
        Tensors.Of<byte>(name, DataType.Uint8, zeros, dimensions);

    // A row of the look-up's last axis has one block, whose zero point fills a byte of its own.
    private byte[] OnePerByte(byte[] zeros)
    {
        var spread = new byte[shape.Rows * weights.Blocks];
        var bytes = format.BytesOf(weights.Blocks);
        for (var i = 0; i < spread.Length; i++)
            spread[i] = format.At(zeros.AsSpan(i / weights.Blocks * bytes), i % weights.Blocks);
        return spread;
    }

    private string Add(string part, Func<string, TensorProto> make)
    {
        var name = model.NewName($"{tensor.Name}_q{format.Bits}_{part}");
        model.Add(make(name));
        return name;
    }
}
