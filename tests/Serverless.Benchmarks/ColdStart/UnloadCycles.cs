using System.Diagnostics;
using Azure.Storage.Blobs;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Onnx;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Benchmarks.ColdStart;

/// <summary>Loads and unloads a model two hundred times, with requests in between, and looks at what stays behind.</summary>
internal static class UnloadCycles
{
    private const int Cycles = 200;
    private const int Settled = 5;

    public static async Task RunAsync(
        FigureWriter figures, BlobServiceClient account, ModelManifest manifest, CancellationToken cancellationToken)
    {
        var loader = new PackageLoader(ModelStores.InBlobStorage(account));
        long settled = 0;
        long last = 0;
        for (var cycle = 1; cycle <= Cycles; cycle++)
        {
            var package = await loader.LoadAsync(manifest, WeightsPlace.Memory, cancellationToken);
            using (var session = PackageSession.Open(PackageGraph.Of(package), ExecutionProvider.Cpu))
                await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => WarmUp.Run(session), cancellationToken)));
            NativeHeap.Trim();
            last = ResidentBytes();
            if (cycle == Settled)
                settled = last;
        }

        figures.Write(new Figure("coldstart", "unload_growth_mb", (last - settled) / 1e6, "MB")
        {
            Model = manifest.Name,
            Ours = last / 1e6,
            Baseline = settled / 1e6,
            N = Cycles,
        });
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
