using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Serverless.Inference.Onnx;

/// <summary>Shows ONNX Runtime memory of ours as a graph's external data file. Its managed library lacks this call of the C API.</summary>
internal static unsafe partial class InMemoryFile
{
    // OrtApi is a table of functions that only ever grows at its end: positions and the version that a caller asks for are fixed by the
    // runtime's ABI promise. AddExternalInitializersFromFilesInMemory came with version 18.
    private const uint ApiVersion = 18;
    private const int Position = 279;

    /// <summary>The memory is read while the session is created, and not afterwards.</summary>
    public static void Add(SessionOptions options, string file, nint start, long length)
    {
        // OrtApiBase begins with GetApi(version).
        var getApi = (delegate* unmanaged<uint, nint*>)(*(nint*)OrtGetApiBase());
        var add = (delegate* unmanaged<nint, nint*, nint*, nuint*, nuint, nint>)getApi(ApiVersion)[Position];
        // Paths are wide on Windows and UTF-8 elsewhere (ORTCHAR_T).
        var name = OperatingSystem.IsWindows() ? Marshal.StringToCoTaskMemUni(file) : Marshal.StringToCoTaskMemUTF8(file);
        try
        {
            var size = (nuint)length;
            var status = add(options.DangerousGetHandle(), &name, &start, &size, 1);
            if (status != 0)
                throw new InvalidOperationException($"ONNX Runtime does not take {length} bytes of weights in memory.");
        }
        finally
        {
            Marshal.FreeCoTaskMem(name);
        }
    }

    [LibraryImport("onnxruntime")]
    private static partial nint OrtGetApiBase();
}
