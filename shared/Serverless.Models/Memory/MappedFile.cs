using System.IO.MemoryMappedFiles;

namespace Serverless.Models.Memory;

/// <summary>A whole file in the address space; it begins on a page, and so on 64 bytes.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private bool _disposed;

    private MappedFile(FileStream file, long size, MemoryMappedFileAccess access)
    {
        _file = MemoryMappedFile.CreateFromFile(file, null, size, access, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, size, access);
        byte* address = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref address);
        Address = (nint)address;
    }

    public nint Address { get; }

    /// <summary>A file to be filled, of <paramref name="size"/> bytes, more than none.</summary>
    public static MappedFile Create(string path, long size)
    {
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        return Map(file, size, MemoryMappedFileAccess.ReadWrite);
    }

    /// <summary>A file that is there already.</summary>
    public static MappedFile Open(string path, long size)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
        var mapped = Map(file, size, MemoryMappedFileAccess.Read);
        MemoryAdvice.ReadAhead(mapped.Address, size);
        return mapped;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private static MappedFile Map(FileStream file, long size, MemoryMappedFileAccess access)
    {
        try
        {
            return new MappedFile(file, size, access);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
