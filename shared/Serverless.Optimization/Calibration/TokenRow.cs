using System.Runtime.InteropServices;
using Onnx;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Inference.Tensors;
using static Onnx.TensorProto.Types;

namespace Serverless.Optimization.Calibration;

/// <summary>Inputs of an embedder or a decoder for the tokens of one text.</summary>
internal static class TokenRow
{
    private const string PastPrefix = "past_key_values.";

    public static SampleRow Of(GraphProto graph, long[] tokens)
    {
        var weights = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        return new SampleRow([.. graph.Input.Where(input => !weights.Contains(input.Name)).Select(input =>
            input.Name.StartsWith(PastPrefix, StringComparison.Ordinal) ? Past(input) : Numbers(input.Name, tokens))]);
    }

    private static SampleInput Numbers(string name, long[] tokens)
    {
        long[] numbers = name switch
        {
            "input_ids" => tokens,
            "position_ids" => [.. Enumerable.Range(0, tokens.Length).Select(position => (long)position)],
            "token_type_ids" => new long[tokens.Length],
            _ => [.. Enumerable.Repeat(1L, tokens.Length)],
        };
        return new SampleInput(name, TensorDatatype.Int64, [1, tokens.Length], MemoryMarshal.AsBytes<long>(numbers).ToArray());
    }

    // The text begins here: nothing is past.
    private static SampleInput Past(ValueInfoProto input)
    {
        var type = input.Type.TensorType;
        long[] shape = [1, .. type.Shape.Dim.Skip(1).Select(dimension => dimension.DimValue)];
        return new SampleInput(input.Name, (DataType)type.ElemType == DataType.Float16 ? TensorDatatype.Fp16 : TensorDatatype.Fp32, shape, []);
    }
}
