using Serverless.Inference.Tensors;

namespace Serverless.Inference.Execution.Batching;

/// <summary>Outputs of a run that several requests have parts of; they go with the last part.</summary>
internal sealed class SharedOutputs(Tensor[] tensors, int parts)
{
    private int _parts = parts;

    public Tensor[] Tensors => tensors;

    public void Release()
    {
        if (Interlocked.Decrement(ref _parts) != 0)
            return;
        foreach (var tensor in tensors)
            tensor.Dispose();
    }
}
