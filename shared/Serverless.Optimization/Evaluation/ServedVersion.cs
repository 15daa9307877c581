using Serverless.Contracts.Models;
using Serverless.Inference;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Onnx;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Optimization.Evaluation;

/// <summary>A version as the worker would serve it, in this process.</summary>
internal sealed class ServedVersion : IAsyncDisposable
{
    private readonly IModelStore _store;
    private readonly LocalEngine _engine;

    private ServedVersion(IModelStore store, LocalEngine engine, ModelLease lease) => (_store, _engine, Lease) = (store, engine, lease);

    public ModelLease Lease { get; }

    public ModelManifest Manifest => Lease.Manifest;

    /// <summary>Graph and weights unpacked, in bytes.</summary>
    public double Size => Manifest.Graph.Size + (double)Manifest.WeightsSize;

    /// <summary>The same as they are stored.</summary>
    public double PackedSize => Manifest.Graph.StoredSize + Manifest.Chunks.Sum(chunk => (double)chunk.StoredSize);

    public static async Task<ServedVersion> StartAsync(IModelStore store, string name, int version, CancellationToken cancellationToken)
    {
        var engine = new LocalEngine(store);
        try
        {
            return new ServedVersion(store, engine, await engine.Models.AcquireAsync(new ModelReference(name, version), cancellationToken));
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <summary>A session of its own over the package, for those who need more than the engine answers.</summary>
    public async Task<OnnxSession> OpenAsync(CancellationToken cancellationToken) => PackageSession.Open(
        PackageGraph.Of(await new PackageLoader(_store).LoadAsync(Manifest, WeightsPlace.Memory, cancellationToken)), ExecutionProvider.Cpu);

    public async ValueTask DisposeAsync()
    {
        Lease.Dispose();
        await _engine.DisposeAsync();
    }
}
