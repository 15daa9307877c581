using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Onnx;

namespace Serverless.Benchmarks.ColdStart;

/// <summary>What most services do: download the file, then create a session that optimises it.</summary>
internal static class NaiveStart
{
    public static async Task<double> RunAsync(ColdModel model, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var content = await model.Original.DownloadContentAsync(cancellationToken);
        using var session = OnnxSession.Adopt(new InferenceSession(content.Value.Content.ToArray()));
        WarmUp.Run(session);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
