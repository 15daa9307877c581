using System.Collections.Concurrent;

namespace Serverless.Models.Memory;

/// <summary>Blocks for what has arrived and is not decoded yet; as many as there are reads in flight, freed together.</summary>
internal sealed class ScratchBlocks(long blockBytes) : IDisposable
{
    private readonly ConcurrentBag<NativeBlock> _idle = [];

    public NativeBlock Rent() => _idle.TryTake(out var block) ? block : new NativeBlock(blockBytes);

    public void Return(NativeBlock block) => _idle.Add(block);

    public void Dispose()
    {
        foreach (var block in _idle)
            block.Dispose();
    }
}
