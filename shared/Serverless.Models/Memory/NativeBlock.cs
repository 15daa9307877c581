using System.Runtime.InteropServices;
using Serverless.Models.Manifest;

namespace Serverless.Models.Memory;

/// <summary>
/// Aligned memory outside of the managed heap, so that freeing it gives it back to the system. Freed when the last of those who hold a
/// reference lets go.
/// </summary>
internal sealed unsafe class NativeBlock : SafeHandle
{
    /// <summary>A block of <paramref name="length"/> bytes of any content.</summary>
    public NativeBlock(long length)
        : base(0, ownsHandle: true)
    {
        Length = length;
        SetHandle((nint)NativeMemory.AlignedAlloc((nuint)Math.Max(length, WeightTensor.Alignment), MemoryAdvice.AlignmentFor(length)));
        MemoryAdvice.PreferHugePages(handle, length);
    }

    public long Length { get; }

    public override bool IsInvalid => handle == 0;

    /// <summary>The address, valid while the caller holds a reference.</summary>
    public nint Address => handle;

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
