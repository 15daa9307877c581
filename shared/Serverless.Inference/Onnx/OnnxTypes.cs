using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx;

/// <summary>ONNX Runtime's types in ours.</summary>
internal static class OnnxTypes
{
    public static TensorElementType ToElementType(TensorDatatype type) => type switch
    {
        TensorDatatype.Bool => TensorElementType.Bool,
        TensorDatatype.UInt8 => TensorElementType.UInt8,
        TensorDatatype.UInt16 => TensorElementType.UInt16,
        TensorDatatype.UInt32 => TensorElementType.UInt32,
        TensorDatatype.UInt64 => TensorElementType.UInt64,
        TensorDatatype.Int8 => TensorElementType.Int8,
        TensorDatatype.Int16 => TensorElementType.Int16,
        TensorDatatype.Int32 => TensorElementType.Int32,
        TensorDatatype.Int64 => TensorElementType.Int64,
        TensorDatatype.Fp16 => TensorElementType.Float16,
        TensorDatatype.Bf16 => TensorElementType.BFloat16,
        TensorDatatype.Fp32 => TensorElementType.Float,
        TensorDatatype.Fp64 => TensorElementType.Double,
        _ => TensorElementType.String,
    };

    public static TensorDatatype? ToDatatype(TensorElementType type) => type switch
    {
        TensorElementType.Bool => TensorDatatype.Bool,
        TensorElementType.UInt8 => TensorDatatype.UInt8,
        TensorElementType.UInt16 => TensorDatatype.UInt16,
        TensorElementType.UInt32 => TensorDatatype.UInt32,
        TensorElementType.UInt64 => TensorDatatype.UInt64,
        TensorElementType.Int8 => TensorDatatype.Int8,
        TensorElementType.Int16 => TensorDatatype.Int16,
        TensorElementType.Int32 => TensorDatatype.Int32,
        TensorElementType.Int64 => TensorDatatype.Int64,
        TensorElementType.Float16 => TensorDatatype.Fp16,
        TensorElementType.BFloat16 => TensorDatatype.Bf16,
        TensorElementType.Float => TensorDatatype.Fp32,
        TensorElementType.Double => TensorDatatype.Fp64,
        TensorElementType.String => TensorDatatype.Bytes,
        _ => null,
    };

    /// <summary>Whether tensors of ours can have the element type that ONNX calls <paramref name="name"/>.</summary>
    public static bool IsElementType(string name) =>
        Enum.TryParse<TensorElementType>(name, ignoreCase: true, out var type) && ToDatatype(type) is not (null or TensorDatatype.Bytes);

    /// <summary>Reads ONNX's lower-case name of an element type.</summary>
    /// <exception cref="ModelRefusedException">No weights can have it.</exception>
    public static TensorElementType ParseElementType(string name) =>
        IsElementType(name)
            ? Enum.Parse<TensorElementType>(name, ignoreCase: true)
            : throw new ModelRefusedException($"it has weights of the type '{name}', which this runtime does not take");

    /// <exception cref="ModelRefusedException">It is not a tensor of a datatype that callers can send or receive.</exception>
    public static TensorSignature ToSignature(string role, string name, NodeMetadata node)
    {
        if (!node.IsTensor)
            throw new ModelRefusedException($"its {role} '{name}' is a {node.OnnxValueType}; only tensors can be served");
        var datatype = ToDatatype(node.ElementDataType)
            ?? throw new ModelRefusedException(
                $"its {role} '{name}' has elements of type {node.ElementDataType}, which no protocol carries");
        return new TensorSignature(name, Datatypes.NameOf(datatype), [.. node.Dimensions.Select(dimension => (long)dimension)]);
    }
}
