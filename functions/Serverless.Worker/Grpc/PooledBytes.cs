using System.Buffers;

namespace Serverless.Worker.Grpc;

/// <summary>Memory of an answer, which must outlive the model's own: gRPC writes an answer after its handler has returned.</summary>
internal sealed class PooledBytes : IDisposable
{
    private readonly List<byte[]> _blocks = [];

    /// <summary>A block of <paramref name="length"/> bytes, not cleared; valid until disposed.</summary>
    public Memory<byte> Rent(int length)
    {
        if (length == 0)
            return default;
        var block = ArrayPool<byte>.Shared.Rent(length);
        _blocks.Add(block);
        return block.AsMemory(0, length);
    }

    public void Dispose()
    {
        foreach (var block in _blocks)
            ArrayPool<byte>.Shared.Return(block);
        _blocks.Clear();
    }
}
