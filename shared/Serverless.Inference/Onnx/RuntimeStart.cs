namespace Serverless.Inference.Onnx;

/// <summary>What of the runtime can begin before anything is configured.</summary>
public static class RuntimeStart
{
    /// <summary>Loads the runtime's library in the background, so that the first model does not wait for it.</summary>
    public static void Begin() => OnnxRuntimeLibrary.Preload();

    /// <summary>Starts it with the threads of <see cref="InferenceOptions.IntraOpThreads"/>, unless it has been started: whoever is first decides.</summary>
    public static void Ensure(int intraOpThreads) => OnnxRuntimeLibrary.EnsureStarted(intraOpThreads);
}
