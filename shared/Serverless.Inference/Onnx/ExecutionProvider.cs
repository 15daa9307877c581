namespace Serverless.Inference.Onnx;

/// <summary>What runs graphs.</summary>
public enum ExecutionProvider
{
    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>NVIDIA GPUs through CUDA.</summary>
    Cuda,

    /// <summary>NVIDIA GPUs through TensorRT, with CUDA for what it does not take.</summary>
    TensorRt,
}
