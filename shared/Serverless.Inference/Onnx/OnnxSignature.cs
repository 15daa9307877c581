using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx;

/// <summary>Inputs and outputs of a graph, in the graph's order.</summary>
public sealed record OnnxSignature(IReadOnlyList<TensorSignature> Inputs, IReadOnlyList<TensorSignature> Outputs)
{
    /// <summary>Opens the graph at <paramref name="path"/> on the CPU, which also proves that it can be opened.</summary>
    /// <exception cref="ModelRefusedException">It is not a graph that can be served; the message says why.</exception>
    public static OnnxSignature Read(string path)
    {
        using var session = OnnxSession.Open(path, ExecutionProvider.Cpu);
        return session.Signature;
    }
}
