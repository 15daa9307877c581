using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
using Serverless.Inference.Tensors;
using static Onnx.TensorProto.Types;

namespace Serverless.Conformance.Data;

/// <summary>Reads ONNX's serialised tensors.</summary>
internal static class TensorProtos
{
    /// <summary>The tensor in <paramref name="bytes"/>; null when it is a sequence or an optional, or of a type without a datatype.</summary>
    public static CaseTensor? TryRead(byte[] bytes, string name)
    {
        TensorProto proto;
        try
        {
            proto = TensorProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }

        if (ToDatatype((DataType)proto.DataType) is not { } datatype)
            return null;
        long[] shape = [.. proto.Dims];
        byte[][] strings = datatype == TensorDatatype.Bytes ? [.. proto.StringData.Select(text => text.ToByteArray())] : [];
        return new CaseTensor(name, datatype, shape, datatype == TensorDatatype.Bytes ? [] : Elements(proto, datatype), strings);
    }

    private static byte[] Elements(TensorProto proto, TensorDatatype datatype)
    {
        if (proto.RawData.Length > 0)
            return proto.RawData.ToByteArray();
        return datatype switch
        {
            TensorDatatype.Fp32 => Bytes(proto.FloatData.ToArray()),
            TensorDatatype.Fp64 => Bytes(proto.DoubleData.ToArray()),
            TensorDatatype.Int64 => Bytes(proto.Int64Data.ToArray()),
            TensorDatatype.UInt64 => Bytes(proto.Uint64Data.ToArray()),
            TensorDatatype.UInt32 => Bytes(proto.Uint64Data.Select(value => (uint)value).ToArray()),
            TensorDatatype.Int32 => Bytes(proto.Int32Data.ToArray()),
            TensorDatatype.Int16 or TensorDatatype.UInt16 or TensorDatatype.Fp16 or TensorDatatype.Bf16 =>
                Bytes(proto.Int32Data.Select(value => (ushort)value).ToArray()),
            _ => [.. proto.Int32Data.Select(value => (byte)value)],
        };
    }

    private static byte[] Bytes<T>(T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static TensorDatatype? ToDatatype(DataType type) => type switch
    {
        DataType.Bool => TensorDatatype.Bool,
        DataType.Uint8 => TensorDatatype.UInt8,
        DataType.Uint16 => TensorDatatype.UInt16,
        DataType.Uint32 => TensorDatatype.UInt32,
        DataType.Uint64 => TensorDatatype.UInt64,
        DataType.Int8 => TensorDatatype.Int8,
        DataType.Int16 => TensorDatatype.Int16,
        DataType.Int32 => TensorDatatype.Int32,
        DataType.Int64 => TensorDatatype.Int64,
        DataType.Float16 => TensorDatatype.Fp16,
        DataType.Bfloat16 => TensorDatatype.Bf16,
        DataType.Float => TensorDatatype.Fp32,
        DataType.Double => TensorDatatype.Fp64,
        DataType.String => TensorDatatype.Bytes,
        _ => null,
    };
}
