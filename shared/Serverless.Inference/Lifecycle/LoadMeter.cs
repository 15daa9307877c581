using Serverless.Inference.Diagnostics;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Lifecycle;

/// <summary>Times loads, for metrics, traces and the first answer.</summary>
internal sealed class LoadMeter(InferenceMetrics metrics, TimeProvider time)
{
    public InferenceMetrics Metrics => metrics;

    public TimeProvider Time => time;

    public LoadInProgress Start(ModelManifest manifest) => new(manifest, metrics, time);
}
