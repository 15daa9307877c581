using Microsoft.ML.OnnxRuntime;

namespace Serverless.Inference.Onnx;

/// <summary>Ends a run before it is done; good for one run after another until it was used.</summary>
internal sealed class RunStop : IDisposable
{
    public RunOptions Options { get; } = new();

    public bool IsStopped => Options.Terminate;

    public void Stop() => Options.Terminate = true;

    public void Dispose() => Options.Dispose();
}
