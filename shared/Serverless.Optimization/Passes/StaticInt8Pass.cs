using System.Globalization;
using Onnx;
using Serverless.Inference.Onnx;
using Serverless.Optimization.Calibration;
using Serverless.Optimization.Graphs;
using static Onnx.TensorProto.Types;

namespace Serverless.Optimization.Passes;

/// <summary>
/// Multiplies in int8 with scales that are fixed beforehand: what comes in is rounded to a range that was seen when the model ran on sample
/// inputs. QuantizeLinear and DequantizeLinear stand around each product, from which the runtime makes int8 kernels.
/// </summary>
internal sealed class StaticInt8Pass(RangeRule rule, long min) : IOptimizationPass
{
    // The runtime makes QLinearConv of what is written here, which came with version 10.
    private const int Needed = 10;

    public string Apply(ModelGraph model)
    {
        OperatorVersions.Raise(model, Needed, "int8-static");
        // Norms behind convolutions become part of them, so that nothing stands between those and the rounding.
        GraphFolding.Run(model);
        ConstantNodes.ToInitializers(model.Graph);
        var uses = new GraphUses(model);
        var products = model.Graph.Node.Where(node => IsProduct(model, node)).ToList();
        if (products.Count == 0)
            throw new ModelRefusedException($"int8-static takes float weights of MatMul, Gemm or Conv with at least {min} numbers, and it has none");
        var outputs = products.Where(node => node.OpType == "Conv").Select(node => OutputOf(node, uses)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var ranges = ValueRanges.Measure(model, [.. products.Select(node => node.Input[0]).Concat(outputs).Distinct()], rule);
        var writer = new StaticInt8Writer(model, ranges);
        var converted = products.Where(node => ranges.ContainsKey(node.Input[0])).Select(node => (Product: node, Input: node.Input[0])).ToList();
        foreach (var value in ranges.Keys)
        {
            var everywhere = outputs.Contains(value) || uses.Of(value).Any(use => use.Is("Conv", 0));
            writer.Round(value, [.. converted.Select(pair => pair.Product)], everywhere);
        }

        foreach (var (product, input) in converted)
            writer.StoreWeights(product, input);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{converted.Count} products in int8, {ranges.Count} ranges by {rule.Name} of {(model.Samples.Count > 0 ? $"{model.Samples.Count} rows" : "rows made up")}");
    }

    private bool IsProduct(ModelGraph model, NodeProto node) =>
        node.OpType is "MatMul" or "Gemm" or "Conv" && node.Number("transA", 0) == 0 && model.FindWeight(node.Input[1]) is { } weights
        && (DataType)weights.DataType == DataType.Float && Tensors.Count(weights) >= min && (node.OpType == "Conv" || weights.Dims.Count == 2);

    // What a kernel writes in int8: the convolution's own output, or what is left of it behind the Relu that it does on the way.
    private static string? OutputOf(NodeProto node, GraphUses uses)
    {
        var output = node.Output[0];
        if (uses.Of(output) is [{ Node.OpType: "Relu" } relu] && !uses.IsUsedElsewhere(output))
            output = relu.Node.Output[0];
        return uses.IsUsedElsewhere(output) ? null : output;
    }
}
