using Serverless.Models.Memory;

namespace Serverless.Models.Loading;

/// <summary>Weights in native memory.</summary>
internal sealed class NativeWeights(NativeBlock block, long size) : IWeightBuffer
{
    public string? Path => null;

    public NativeBlock Block => block;

    public nint Address => block.Address;

    public long Size => size;

    public void Dispose() => block.Dispose();
}
