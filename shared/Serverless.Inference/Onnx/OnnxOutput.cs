using Microsoft.ML.OnnxRuntime;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Onnx;

/// <summary>An output read where ONNX Runtime left it.</summary>
internal sealed class OnnxOutput(string name, TensorDatatype datatype, long[] shape, OrtValue value) : Tensor(name, datatype, shape)
{
    public override ReadOnlySpan<byte> Data =>
        Datatype == TensorDatatype.Bytes || Count == 0 ? [] : value.GetTensorMutableRawData();

    public override ReadOnlySpan<byte> StringAt(int index) => value.GetStringElementAsSpan(index);

    public static OnnxOutput From(string name, OrtValue value)
    {
        if (!value.IsTensor)
            throw new ModelRefusedException($"its output '{name}' is not a tensor");
        var info = value.GetTensorTypeAndShape();
        var datatype = OnnxTypes.ToDatatype(info.ElementDataType)
            ?? throw new ModelRefusedException($"its output '{name}' has elements of type {info.ElementDataType}");
        return new OnnxOutput(name, datatype, info.Shape, value);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            value.Dispose();
    }
}
