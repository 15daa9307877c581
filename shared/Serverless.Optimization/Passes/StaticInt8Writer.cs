using Onnx;
using Serverless.Optimization.Calibration;
using Serverless.Optimization.Graphs;
using Serverless.Optimization.Quantization;
using static Onnx.TensorProto.Types;
using static Serverless.Optimization.Graphs.Operators;

namespace Serverless.Optimization.Passes;

/// <summary>Writes QuantizeLinear and DequantizeLinear into a graph.</summary>
internal sealed class StaticInt8Writer(ModelGraph model, IReadOnlyDictionary<string, ValueRange> ranges)
{
    /// <summary>Rounds a value for <paramref name="products"/>, or for every node that reads it.</summary>
    public void Round(string value, IReadOnlyCollection<NodeProto> products, bool everywhere)
    {
        var (scale, zero) = ranges[value].Fit();
        string Name(string part) => model.NewName($"{value}/{part}");
        var (scales, zeros, rounded, restored) = (Name("scale"), Name("zero"), Name("rounded"), Name("restored"));
        model.Add(Tensors.Of<float>(scales, DataType.Float, [scale]));
        model.Add(Tensors.Of<byte>(zeros, DataType.Uint8, [zero]));
        foreach (var node in everywhere ? model.Graph.Node.ToList() : products)
        {
            for (var input = 0; input < (everywhere ? node.Input.Count : 1); input++)
                node.Input[input] = node.Input[input] == value ? restored : node.Input[input];
        }

        var maker = model.Graph.Node.FirstOrDefault(node => node.Output.Contains(value));
        var index = maker is null ? 0 : model.Graph.Node.IndexOf(maker) + 1;
        model.Graph.Node.Insert(index, ChannelRestore.Fitting(model, Node("QuantizeLinear", [value, scales, zeros], rounded)));
        model.Graph.Node.Insert(index + 1, ChannelRestore.Fitting(model, Node("DequantizeLinear", [rounded, scales, zeros], restored)));
    }

    /// <summary>Stores the weights of a product as int8, and its bias in steps of the products.</summary>
    /// <param name="product">The node.</param>
    /// <param name="input">What it read before it was rounded.</param>
    public void StoreWeights(NodeProto product, string input)
    {
        var tensor = model.FindWeight(product.Input[1])!;
        var axis = product.OpType == "Conv" || product.Number("transB", 0) != 0 ? 0 : 1;
        var weights = ChannelWeights.Quantize(Tensors.Floats(tensor), tensor.Dims, axis);
        var (values, scales) = (model.NewName(tensor.Name + "_int8"), model.NewName(tensor.Name + "_scale"));
        model.Add(Tensors.Of<sbyte>(values, DataType.Int8, weights.Values, [.. tensor.Dims]));
        model.Add(Tensors.Of<float>(scales, DataType.Float, weights.Scales, weights.Scales.Length));
        product.Input[1] = ChannelRestore.Add(model, values, scales, axis);
        if (product.Input.Count > 2 && model.FindWeight(product.Input[2]) is { Dims: [var count] } bias && count == weights.Scales.Length)
            product.Input[2] = StoreBias(bias, Array.ConvertAll(weights.Scales, scale => scale * ranges[input].Fit().Scale));
    }

    private string StoreBias(TensorProto bias, float[] steps)
    {
        var (values, scales) = (model.NewName(bias.Name + "_int32"), model.NewName(bias.Name + "_scale"));
        int[] numbers = [.. Tensors.Floats(bias).Select((number, i) => (int)Math.Clamp(Math.Round((double)number / steps[i]), int.MinValue, int.MaxValue))];
        model.Add(Tensors.Of<int>(values, DataType.Int32, numbers, numbers.Length));
        model.Add(Tensors.Of<float>(scales, DataType.Float, steps, steps.Length));
        return ChannelRestore.Add(model, values, scales, axis: 0);
    }
}
