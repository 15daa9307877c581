using System.Runtime.InteropServices;
using Serverless.Models.Manifest;

namespace Serverless.Models.Memory;

/// <summary>
/// Aligned memory outside of the managed heap, so that freeing it gives it back to the system. Freed when the last of those who hold a
/// reference lets go.
/// </summary>
internal sealed unsafe class NativeBlock : SafeHandle
{
    // The C library keeps what was freed below a threshold that grows to 32 MB; what is mapped goes back at once.
    private const long MinMapped = 1 << 20;

    private readonly MappedPages? _pages;

    /// <summary>A block of <paramref name="length"/> bytes of any content.</summary>
    public NativeBlock(long length)
        : base(0, ownsHandle: true)
    {
        if (length >= MinMapped && OperatingSystem.IsLinux())
        {
            _pages = MappedPages.Allocate(length);
            SetHandle(_pages.Address);
        }
        else
        {
            SetHandle((nint)NativeMemory.AlignedAlloc((nuint)Math.Max(length, WeightTensor.Alignment), WeightTensor.Alignment));
        }
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The address, valid while the caller holds a reference.</summary>
    public nint Address => handle;

    protected override bool ReleaseHandle()
    {
        if (_pages is { } pages)
            pages.Free();
        else
            NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
