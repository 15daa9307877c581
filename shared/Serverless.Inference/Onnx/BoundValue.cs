using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Onnx;

/// <summary>
/// The runtime's view of a block of ours. It stays with the block, since the next tensor there mostly has the same type and shape: making
/// one takes a tenth of a small model's run.
/// </summary>
internal sealed class BoundValue : IDisposable
{
    private readonly TensorElementType _type;
    private readonly long[] _shape;

    private BoundValue(TensorElementType type, long[] shape, TensorBlock block, long bytes)
    {
        (_type, _shape) = (type, shape);
        Value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, block.Address, bytes);
    }

    public OrtValue Value { get; }

    public static OrtValue Of(TensorBlock block, TensorDatatype datatype, long[] shape, long bytes)
    {
        var type = OnnxTypes.ToElementType(datatype);
        if (block.Attachment is BoundValue known && known._type == type && known._shape.AsSpan().SequenceEqual(shape))
            return known.Value;
        block.Attachment?.Dispose();
        var made = new BoundValue(type, shape, block, bytes);
        block.Attachment = made;
        return made.Value;
    }

    public void Dispose() => Value.Dispose();
}
