using System.Diagnostics;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Onnx;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Benchmarks.ColdStart;

/// <summary>What the worker does: manifest, package, session over its memory, first run.</summary>
internal static class PackageStart
{
    /// <returns>Milliseconds from the manifest to the first answer.</returns>
    public static async Task<double> RunAsync(
        IModelStore store, IPackageLoader loader, ModelManifest manifest, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var found = await store.FindManifestAsync(manifest.Name, manifest.Version, cancellationToken);
        var package = await loader.LoadAsync(found!, WeightsPlace.Memory, cancellationToken);
        using var session = PackageSession.Open(PackageGraph.Of(package), ExecutionProvider.Cpu);
        WarmUp.Run(session);
        var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

        // Not part of the answer, but the next start must not meet it half done.
        await package.Cached;
        return took;
    }
}
