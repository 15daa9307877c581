using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx;

/// <summary>Decoded weights, there until disposed.</summary>
internal interface IWeightMemory : IDisposable
{
    /// <summary>The file that holds them, if there is one.</summary>
    string? Path { get; }

    /// <summary>Address of a tensor's bytes.</summary>
    nint AddressOf(WeightTensor tensor);
}
