using System.Buffers;

namespace Serverless.Models.Memory;

/// <summary>Native memory as <see cref="Memory{T}"/>, to read streams into. Whoever makes one keeps the memory alive.</summary>
internal sealed unsafe class UnmanagedMemory(nint address, int length) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => new((void*)address, length);

    public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)address + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
