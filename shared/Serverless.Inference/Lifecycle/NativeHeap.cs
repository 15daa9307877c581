using System.Runtime.InteropServices;

namespace Serverless.Inference.Lifecycle;

/// <summary>
/// Gives freed native memory back to the operating system. glibc keeps what was freed in pieces below its mmap threshold; after a model has
/// gone that is most of what its graph and its intermediate results took.
/// </summary>
internal static partial class NativeHeap
{
    private static bool _canTrim = OperatingSystem.IsLinux();

    public static void Trim()
    {
        if (!_canTrim)
            return;
        try
        {
            _ = Trim(0);
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            // musl has no such call, and no need of one.
            _canTrim = false;
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
