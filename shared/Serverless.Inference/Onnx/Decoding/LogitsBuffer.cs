using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Onnx.Decoding;

/// <summary>Memory for the logits of a run.</summary>
internal sealed unsafe class LogitsBuffer(TensorElementType type, int size, int positions) : IDisposable
{
    private readonly int _bytes = size * (type == TensorElementType.Float16 ? sizeof(ushort) : sizeof(float));
    private readonly float[]?[] _wide = type == TensorElementType.Float16 ? new float[positions][] : [];
    private readonly TensorBlock _block = new(checked(
        size * (type == TensorElementType.Float16 ? sizeof(ushort) : sizeof(float)) * positions));

    /// <summary>The runtime's view of the logits of rows.</summary>
    /// <param name="first">Which logits are the first.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="length">How many positions of each.</param>
    public OrtValue ValueOf(int first, int rows, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + ((long)rows * length), positions, nameof(length));
        return OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, type, [rows, length, size], _block.Address + ((nint)first * _bytes), (long)rows * length * _bytes);
    }

    /// <summary>Logits as floats. Different rows may be asked for at once.</summary>
    public Span<float> At(int index)
    {
        var address = (void*)(_block.Address + ((nint)index * _bytes));
        if (type == TensorElementType.Float)
            return new Span<float>(address, size);
        var wide = _wide[index] ??= new float[size];
        TensorPrimitives.ConvertToSingle(new ReadOnlySpan<Half>(address, size), wide);
        return wide;
    }

    public void Dispose() => _block.Dispose();
}
