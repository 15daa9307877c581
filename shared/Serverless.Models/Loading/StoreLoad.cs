using Serverless.Models.Manifest;
using Serverless.Models.Memory;
using Serverless.Models.Storage;

namespace Serverless.Models.Loading;

/// <summary>Reads all contents of a version from a store, several at a time.</summary>
internal sealed class StoreLoad(IModelStore store, TimeProvider time)
{
    /// <summary>Reads in flight. Gains end near 32 with a real account; each may hold one chunk of 8 MiB.</summary>
    public const int MaxInFlight = 8;

    private readonly TaskCompletionSource _sessionParts = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _sessionPartsLeft;

    /// <summary>Completes when all is there that a session is built from: everything but look-up tables.</summary>
    public Task SessionParts => _sessionParts.Task;

    /// <summary>Files by path, decoded.</summary>
    public Dictionary<string, ReadOnlyMemory<byte>> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>When the last stored byte had arrived.</summary>
    public long LastArrival { get; private set; }

    /// <summary>Loads the files, and the weights to <paramref name="weights"/>.</summary>
    public async Task RunAsync(ModelManifest manifest, nint weights, CancellationToken cancellationToken)
    {
        using var scratch = new ScratchBlocks(manifest.Contents().Max(content => content.StoredSize));
        var decoder = new PartDecoder(new PartReader(store, time), scratch, time);
        var lookups = manifest.LookupsOffset;
        _sessionPartsLeft = 1 + manifest.Files.Count + manifest.Chunks.Count(chunk => chunk.Offset < lookups);
        await Parallel.ForEachAsync(
            Parts(manifest, weights),
            new ParallelOptions { MaxDegreeOfParallelism = MaxInFlight, CancellationToken = cancellationToken },
            async (work, token) =>
            {
                await decoder.DecodeAsync(work.Part, work.Destination, token);
                var isLookup = work.Part.Content is WeightChunk chunk && chunk.Offset >= lookups;
                // A load into a file may be run again, when its entry was evicted at once.
                if (!isLookup && Interlocked.Decrement(ref _sessionPartsLeft) == 0)
                    _sessionParts.TrySetResult();
            });
        LastArrival = decoder.LastArrival;
    }

    private IEnumerable<(LoadPart Part, Memory<byte> Destination)> Parts(ModelManifest manifest, nint weights)
    {
        foreach (var file in manifest.Files.Prepend(manifest.Graph))
        {
            var content = GC.AllocateUninitializedArray<byte>((int)file.Size);
            Files[file.Path] = content;
            yield return (LoadPart.File(manifest, file), content);
        }

        for (var i = 0; i < manifest.Chunks.Count; i++)
        {
            var chunk = manifest.Chunks[i];
            var destination = new UnmanagedMemory(weights + (nint)chunk.Offset, (int)chunk.Size).Memory;
            yield return (LoadPart.Chunk(manifest, i), destination);
        }
    }
}
