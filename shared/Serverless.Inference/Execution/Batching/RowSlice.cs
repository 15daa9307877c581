using Serverless.Inference.Tensors;

namespace Serverless.Inference.Execution.Batching;

/// <summary>One request's rows of a shared output.</summary>
internal sealed class RowSlice(Tensor whole, long[] shape, SharedOutputs shared, int start) : Tensor(whole.Name, whole.Datatype, shape)
{
    private SharedOutputs? _shared = shared;

    public override ReadOnlySpan<byte> Data
    {
        get
        {
            ObjectDisposedException.ThrowIf(_shared is null, this);
            return whole.Data.Slice(start, (int)(Count * Datatypes.SizeOf(Datatype)));
        }
    }

    public override ReadOnlySpan<byte> StringAt(int index) => throw new NotSupportedException("Strings are not batched.");

    protected override void Dispose(bool disposing) => Interlocked.Exchange(ref _shared, null)?.Release();
}
