using Serverless.Models.Manifest;
using Serverless.Models.Memory;

namespace Serverless.Models.Loading;

/// <summary>Loads a version into native memory, which stays until the last read has ended, whoever lets go of it first.</summary>
internal sealed class MemoryLoad : IDisposable
{
    private readonly CancellationTokenSource _stop;

    private MemoryLoad(StoreLoad load, ModelManifest manifest, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Block = new NativeBlock(manifest.WeightsSize);
        Done = FillAsync(load, manifest);
    }

    public NativeBlock Block { get; }

    /// <summary>Completes when everything is in place.</summary>
    public Task Done { get; }

    /// <summary>Starts a load, and waits until a session can be built.</summary>
    public static async Task<MemoryLoad> StartAsync(StoreLoad load, ModelManifest manifest, CancellationToken cancellationToken)
    {
        var started = new MemoryLoad(load, manifest, cancellationToken);
        if (await Task.WhenAny(load.SessionParts, started.Done) == started.Done && !started.Done.IsCompletedSuccessfully)
        {
            started.Block.Dispose();
            started.Dispose();
            await started.Done;
        }

        return started;
    }

    /// <summary>Stops what is still running; the memory is left to whoever uses it.</summary>
    public void Dispose()
    {
        if (!Done.IsCompleted)
            _stop.Cancel();
        _stop.Dispose();
    }

    private async Task FillAsync(StoreLoad load, ModelManifest manifest)
    {
        var held = false;
        Block.DangerousAddRef(ref held);
        try
        {
            await load.RunAsync(manifest, Block.Address, _stop.Token);
        }
        finally
        {
            Block.DangerousRelease();
        }
    }
}
