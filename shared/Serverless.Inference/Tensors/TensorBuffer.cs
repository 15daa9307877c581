using System.Runtime.InteropServices;

namespace Serverless.Inference.Tensors;

/// <summary>
/// Bytes in native memory that do not move and are aligned to 64 bytes. Disposing it gives the memory back to a pool; spans over it must
/// not be used afterwards.
/// </summary>
public sealed unsafe class TensorBuffer : IDisposable
{
    private TensorBlock? _block;

    private TensorBuffer(int length)
    {
        _block = TensorBlockPool.Rent(length);
        Length = length;
    }

    /// <summary>Bytes in use.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes.</summary>
    public Span<byte> Span => new((void*)Block.Address, Length);

    internal nint Address => Block.Address;

    internal TensorBlock Block => _block ?? throw new ObjectDisposedException(nameof(TensorBuffer));

    /// <summary>Memory for <paramref name="length"/> bytes from the pool, not cleared.</summary>
    public static TensorBuffer Rent(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new TensorBuffer(length);
    }

    /// <summary>The bytes as elements of <typeparamref name="T"/>.</summary>
    public Span<T> As<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Span);

    /// <summary>Grows or shrinks, keeping the bytes that fit. Spans taken before are no longer valid.</summary>
    public void Resize(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > Block.Capacity)
        {
            var larger = TensorBlockPool.Rent(length);
            Span.CopyTo(new Span<byte>((void*)larger.Address, Length));
            TensorBlockPool.Return(Block);
            _block = larger;
        }

        Length = length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _block, null) is { } block)
            TensorBlockPool.Return(block);
    }
}
