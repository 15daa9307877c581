using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
using static Onnx.TensorProto.Types;

namespace Serverless.Optimization.Graphs;

/// <summary>Numbers in and out of tensors.</summary>
internal static class Tensors
{
    /// <summary>Whether it holds floats, whole or half, in a form that passes read.</summary>
    public static bool IsFloat(TensorProto tensor) => (DataType)tensor.DataType is DataType.Float or DataType.Float16;

    public static long Count(TensorProto tensor) => tensor.Dims.Aggregate(1L, (product, size) => product * size);

    /// <summary>Its elements; a tensor of half floats is widened.</summary>
    public static float[] Floats(TensorProto tensor)
    {
        if ((DataType)tensor.DataType == DataType.Float16)
        {
            return tensor.RawData.IsEmpty
                ? [.. tensor.Int32Data.Select(bits => (float)BitConverter.UInt16BitsToHalf((ushort)bits))]
                : Widen(MemoryMarshal.Cast<byte, Half>(tensor.RawData.Span));
        }

        return tensor.RawData.IsEmpty ? [.. tensor.FloatData] : MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();
    }

    /// <summary>The elements of a tensor of int64.</summary>
    public static long[] Wholes(TensorProto tensor) =>
        tensor.RawData.IsEmpty ? [.. tensor.Int64Data] : MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray();

    public static TensorProto Of<T>(string name, DataType type, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)) };
        foreach (var size in shape)
            tensor.Dims.Add(size);
        return tensor;
    }

    /// <summary>Floats in the precision that <paramref name="like"/> has.</summary>
    public static TensorProto Floats(string name, int like, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        if ((DataType)like != DataType.Float16)
            return Of(name, DataType.Float, values, shape);
        var halves = new Half[values.Length];
        System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(values, halves);
        return Of<Half>(name, DataType.Float16, halves, shape);
    }

    private static float[] Widen(ReadOnlySpan<Half> halves)
    {
        var floats = new float[halves.Length];
        System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(halves, floats);
        return floats;
    }
}
