using Onnx;
using Serverless.TestKit.Onnx;
using static Onnx.TensorProto.Types;

namespace Serverless.Inference.Tests.Execution.Batching;

/// <summary>A model of sequences: <c>twice</c> is as long as they are, <c>largest</c> is one number for each.</summary>
internal static class SequenceGraph
{
    public static OnnxGraph Build() => new OnnxGraph()
        .Input("ids", DataType.Int64, "batch", "length").Input("attention_mask", DataType.Int64, "batch", "length")
        .Output("twice", DataType.Int64, "batch", "length").Output("largest", DataType.Int64, "batch", 1)
        .Node("Mul", "ids attention_mask", "masked").Node("Add", "masked masked", "twice")
        .Node("ReduceMax", "masked", "largest", Axis());

    private static AttributeProto Axis() => new() { Name = "axes", Type = AttributeProto.Types.AttributeType.Ints, Ints = { 1 } };
}
