namespace Serverless.Inference.Onnx;

/// <summary>What of the runtime can begin before anything is configured.</summary>
public static class RuntimeStart
{
    /// <summary>Loads the runtime's library in the background, so that the first model does not wait for it.</summary>
    public static void Begin() => OnnxRuntimeLibrary.Preload();
}
