using Microsoft.Extensions.Logging;
using Serverless.Inference.Diagnostics;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Lifecycle;

/// <summary>Times loads, for metrics, traces and the first answer.</summary>
internal sealed partial class LoadMeter(InferenceMetrics metrics, TimeProvider time, ILogger<LoadMeter> logger)
{
    public InferenceMetrics Metrics => metrics;

    public TimeProvider Time => time;

    public LoadInProgress Start(ModelManifest manifest) => new(manifest, metrics, time);

    /// <summary>Says so when a package could not be written to the local cache: it is served all the same.</summary>
    public void WatchCaching(LoadedPackage package)
    {
        var (name, version) = (package.Manifest.Name, package.Manifest.Version);
        _ = package.Cached.ContinueWith(
            cached => LogNotCached(logger, name, version, cached.Exception!.GetBaseException()),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
    }

    [LoggerMessage(20, LogLevel.Warning, "Model {Model}:{Version} could not be kept in the local cache")]
    private static partial void LogNotCached(ILogger logger, string model, int version, Exception error);
}
