using Google.Protobuf;
using Onnx;
using Serverless.Inference.Onnx;
using Serverless.Inference.Onnx.Preparation;
using static Onnx.TensorProto.Types;

namespace Serverless.Optimization.Graphs;

/// <summary>Reads tensors that lie in files beside the graph.</summary>
internal static class ExternalTensors
{
    /// <exception cref="ModelRefusedException">The tensor is larger than one can be in memory.</exception>
    public static void TakeIn(TensorProto tensor, string folder)
    {
        var data = ExternalData.Of(tensor);
        using var file = File.OpenRead(Path.Combine(folder, data.Location));
        var length = data.Length ?? file.Length - data.Offset;
        if (length > Array.MaxLength)
            throw new ModelRefusedException($"its tensor '{tensor.Name}' takes {length} bytes, and tensors up to {Array.MaxLength} can be changed");
        var bytes = new byte[length];
        file.Position = data.Offset;
        file.ReadExactly(bytes);
        tensor.RawData = UnsafeByteOperations.UnsafeWrap(bytes);
        tensor.ExternalData.Clear();
        tensor.DataLocation = DataLocation.Default;
    }
}
