using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Serverless.Inference.Onnx;

/// <summary>Starts ONNX Runtime once per process: no telemetry, one thread pool for every model, threads that sleep when idle.</summary>
internal static partial class OnnxRuntimeLibrary
{
    private const string DisableTelemetry = "ORT_DISABLE_TELEMETRY";
    private static readonly Lock Gate = new();
    private static bool _started;

    /// <summary>Whether sessions can use the process's thread pool.</summary>
    public static bool HasGlobalThreads { get; private set; }

    public static void EnsureStarted(int intraOpThreads = 0)
    {
        lock (Gate)
        {
            if (_started)
                return;
            TurnTelemetryOff();
            if (!OrtEnv.IsCreated)
                CreateEnvironment(intraOpThreads);
            _started = true;
        }
    }

    /// <summary>
    /// Has the library loaded and bound in the background: loading takes 12 to 23 ms, and the binding makes a delegate of each of its
    /// functions when the first is called, 40 ms more beside a starting host. A start has other work meanwhile.
    /// </summary>
    public static void Preload() => _ = Task.Run(static () =>
    {
        lock (Gate)
            TurnTelemetryOff();
        // Where it is found otherwise, its first use loads it.
        if (NativeLibrary.TryLoad("onnxruntime", typeof(OrtEnv).Assembly, searchPath: null, out _))
            new OrtThreadingOptions().Dispose();
    });

    private static void CreateEnvironment(int intraOpThreads)
    {
        using var threads = new OrtThreadingOptions { GlobalSpinControl = false, GlobalInterOpNumThreads = 1 };
        if (intraOpThreads > 0)
            threads.GlobalIntraOpNumThreads = intraOpThreads;
        var options = new EnvironmentCreationOptions
        {
            logId = "serverless",
            logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            threadOptions = threads,
        };
        OrtEnv.CreateInstanceWithOptions(ref options);
        HasGlobalThreads = true;
    }

    // Official builds from 1.29 report at each session's creation unless this is in the C environment when the library loads, which
    // Environment.SetEnvironmentVariable does not reach on Unix.
    private static void TurnTelemetryOff()
    {
        Environment.SetEnvironmentVariable(DisableTelemetry, "1");
        if (!OperatingSystem.IsWindows())
            _ = SetEnv(DisableTelemetry, "1", 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);
}
