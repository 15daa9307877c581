using System.Globalization;
using Onnx;
using Serverless.Inference.Onnx;
using Serverless.Optimization.Graphs;
using Serverless.Optimization.Quantization;
using static Onnx.TensorProto.Types;
using static Serverless.Optimization.Graphs.Operators;

namespace Serverless.Optimization.Passes;

/// <summary>
/// Stores weights as int8 with a scale for each channel: an output of a matrix or convolution, or a row of a table. Matrices are restored by
/// DequantizeLinear, which the engine runs once, when it loads the model; of tables only the rows that are looked up are restored.
/// </summary>
internal sealed class ChannelInt8Pass(bool embeddings, long min) : IOptimizationPass
{
    // Unsqueeze takes its axes as an input from version 13 on.
    private const int AxesAsInput = 13;

    public string Apply(ModelGraph model)
    {
        var uses = new GraphUses(model);
        var candidates = model.Graph.Initializer.Where(tensor => IsLargeFloat(tensor) && !uses.IsUsedElsewhere(tensor.Name)).ToList();
        var (changed, parameters) = (0, 0L);
        foreach (var tensor in candidates)
        {
            if (WeightChannels.TryFind(tensor, uses.Of(tensor.Name), out var axis) && (embeddings || !IsTable(uses, tensor)))
            {
                Change(model, tensor, uses.Of(tensor.Name), axis);
                changed++;
                parameters += Tensors.Count(tensor);
            }
        }

        return changed > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{changed} weights of {parameters} numbers as int8")
            : throw new ModelRefusedException(
                $"int8 takes float weights of MatMul, Gemm, Conv or Gather with at least {min} numbers, and it has none");
    }

    private static bool IsTable(GraphUses uses, TensorProto tensor) => uses.Of(tensor.Name).Any(use => use.Is("Gather", 0));

    private bool IsLargeFloat(TensorProto tensor) =>
        (DataType)tensor.DataType == DataType.Float && tensor.Dims.Count >= 2 && Tensors.Count(tensor) >= min;

    private static void Change(ModelGraph model, TensorProto tensor, IReadOnlyList<WeightUse> uses, int axis)
    {
        var weights = ChannelWeights.Quantize(Tensors.Floats(tensor), tensor.Dims, axis);
        var values = model.NewName(tensor.Name + "_int8");
        var scales = model.NewName(tensor.Name + "_scale");
        model.Add(Tensors.Of<sbyte>(values, DataType.Int8, weights.Values, [.. tensor.Dims]));
        string? restored = null;
        foreach (var use in uses)
        {
            if (use.Is("Gather", 0))
                LookUp(model, use.Node, values, scales);
            else
                use.Node.Input[use.Input] = restored ??= ChannelRestore.Add(model, values, scales, axis);
        }

        model.Add(Tensors.Of<float>(scales, DataType.Float, weights.Scales, weights.Scales.Length));
    }

    private static void LookUp(ModelGraph model, NodeProto gather, string values, string scales)
    {
        var (output, indices) = (gather.Output[0], gather.Input[1]);
        string Name(string part) => model.NewName($"{output}/{part}");
        var (rows, floats, scale, column, last) = (Name("rows"), Name("floats"), Name("scale"), Name("scales"), Name("last"));
        var unsqueeze = Node("Unsqueeze", [scale], column);
        if (model.VersionOf("") < AxesAsInput)
        {
            unsqueeze.Attribute.Add(new AttributeProto { Name = "axes", Type = AttributeProto.Types.AttributeType.Ints, Ints = { -1 } });
        }
        else
        {
            model.Add(Tensors.Of<long>(last, DataType.Int64, [-1L], 1));
            unsqueeze.Input.Add(last);
        }

        model.Replace(
            gather,
            Node("Gather", [values, indices], rows, Attribute("axis", 0)),
            Node("Cast", [rows], floats, Attribute("to", (long)DataType.Float)),
            Node("Gather", [scales, indices], scale, Attribute("axis", 0)),
            unsqueeze,
            Node("Mul", [floats, column], output));
    }
}
