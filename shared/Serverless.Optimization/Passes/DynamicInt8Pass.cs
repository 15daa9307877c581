using System.Globalization;
using Onnx;
using Serverless.Inference.Onnx;
using Serverless.Optimization.Graphs;
using Serverless.Optimization.Quantization;
using static Onnx.TensorProto.Types;
using static Serverless.Optimization.Graphs.Operators;

namespace Serverless.Optimization.Passes;

/// <summary>
/// Multiplies in int8: weights have a scale for each output, and what comes in is rounded while it runs. With a scale for each row of it, a
/// row's answer is its own. DynamicQuantizeLinear has one scale for all rows of a batch, so that a row's answer changes with its neighbours';
/// the proof of batching finds that out, and what is made so is served row by row.
/// </summary>
internal sealed class DynamicInt8Pass(bool byRow, long min) : IOptimizationPass
{
    // DynamicQuantizeLinear came with version 11.
    private const int Needed = 11;

    public string Apply(ModelGraph model)
    {
        OperatorVersions.Raise(model, Needed, "int8-dynamic");
        var uses = new GraphUses(model);
        var rounded = new Dictionary<string, string>(StringComparer.Ordinal);
        var candidates = model.Graph.Initializer.Where(tensor => IsMatrix(tensor, uses)).ToList();
        foreach (var tensor in candidates)
            Change(model, tensor, uses.Of(tensor.Name), rounded);
        return candidates.Count > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{candidates.Count} matrices of {candidates.Sum(Tensors.Count)} numbers multiply in int8")
            : throw new ModelRefusedException($"int8-dynamic takes float weights of MatMul with at least {min} numbers, and it has none");
    }

    private bool IsMatrix(TensorProto tensor, GraphUses uses) =>
        (DataType)tensor.DataType == DataType.Float && tensor.Dims.Count == 2 && Tensors.Count(tensor) >= min
        && !uses.IsUsedElsewhere(tensor.Name) && uses.Of(tensor.Name) is { Count: > 0 } all && all.All(use => use.Is("MatMul", 1));

    private void Change(ModelGraph model, TensorProto tensor, IReadOnlyList<WeightUse> uses, Dictionary<string, string> rounded)
    {
        var weights = ChannelWeights.Quantize(Tensors.Floats(tensor), tensor.Dims, axis: 1);
        var (values, scales) = (model.NewName(tensor.Name + "_int8"), model.NewName(tensor.Name + "_scale"));
        model.Add(Tensors.Of<sbyte>(values, DataType.Int8, weights.Values, [.. tensor.Dims]));
        model.Add(Tensors.Of<float>(scales, DataType.Float, weights.Scales, weights.Scales.Length));
        foreach (var use in uses)
        {
            var (output, x) = (use.Node.Output[0], Round(model, use.Node.Input[0], rounded));
            string Name(string part) => model.NewName($"{output}/{part}");
            var (sums, floats, scaled) = (Name("sums"), Name("floats"), Name("scaled"));
            model.Replace(
                use.Node,
                Node("MatMulInteger", [x, values, x + "/zero"], sums),
                Node("Cast", [sums], floats, Attribute("to", (long)DataType.Float)),
                Node("Mul", byRow ? [floats, scales] : [x + "/scale", scales], scaled),
                Node("Mul", byRow ? [scaled, x + "/scale"] : [floats, scaled], output));
        }
    }

    // Several products of the same input round it once.
    private string Round(ModelGraph model, string input, Dictionary<string, string> rounded)
    {
        if (rounded.TryGetValue(input, out var known))
            return known;
        var name = model.NewName(input + "/rounded");
        rounded.Add(input, name);
        // Before its first reader, which need not be this one.
        model.InsertBefore(model.Graph.Node.First(reader => reader.Input.Contains(input)), byRow ? RowRounding.Of(model, input, name) : [RoundAll(input, name)]);
        return name;
    }

    private static NodeProto RoundAll(string input, string name)
    {
        var node = Node("DynamicQuantizeLinear", [input], name);
        node.Output.Add([name + "/scale", name + "/zero"]);
        return node;
    }
}
