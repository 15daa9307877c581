using System.Runtime.InteropServices;

namespace Serverless.Models.Memory;

/// <summary>Anonymous pages of a Linux process, on huge pages where the system has them.</summary>
internal sealed partial class MappedPages
{
    private const long HugePageBytes = 2 << 20;
    private const int ReadWrite = 0x1 | 0x2;
    private const int PrivateAnonymous = 0x2 | 0x20;

    private readonly nint _mapped;
    private readonly nuint _length;

    private MappedPages(nint mapped, nuint length)
    {
        _mapped = mapped;
        _length = length;
        Address = (nint)((mapped + HugePageBytes - 1) / HugePageBytes * HugePageBytes);
    }

    /// <summary>The first huge page's address.</summary>
    public nint Address { get; }

    public static MappedPages Allocate(long length)
    {
        // One huge page more, to begin on one; what is never touched takes no memory.
        var mapped = (nuint)(length + HugePageBytes);
        var address = Map(0, mapped, ReadWrite, PrivateAnonymous, -1, 0);
        if (address == -1)
            throw new InsufficientMemoryException($"The system has no {length} bytes of memory (errno {Marshal.GetLastPInvokeError()}).");
        var pages = new MappedPages(address, mapped);
        MemoryAdvice.PreferHugePages(pages.Address, length);
        return pages;
    }

    public void Free() => _ = Unmap(_mapped, _length);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Unmap(nint address, nuint length);
}
