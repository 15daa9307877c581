using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Onnx.Decoding;

/// <summary>Memory for one integer input, written anew before each run.</summary>
internal sealed unsafe class TokenInputs(int capacity) : IDisposable
{
    private readonly TensorBlock _block = new(checked(capacity * sizeof(long)));

    /// <summary>The numbers of a matrix.</summary>
    public Span<long> Of(int rows, int columns) => new Span<long>((void*)_block.Address, capacity)[..checked(rows * columns)];

    /// <summary>The runtime's view of a matrix.</summary>
    public OrtValue ValueOf(int rows, int columns) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, TensorElementType.Int64, [rows, columns], _block.Address, (long)rows * columns * sizeof(long));

    public void Dispose() => _block.Dispose();
}
