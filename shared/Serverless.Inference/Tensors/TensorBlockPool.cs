using System.Numerics;

namespace Serverless.Inference.Tensors;

/// <summary>
/// Blocks that wait for their next use, in classes of powers of two. A fresh block of a megabyte costs 250 page faults, which is more than
/// copying it.
/// </summary>
internal static class TensorBlockPool
{
    private const int SmallestBits = 8;
    private const int LargestBits = 25;

    // What a class may keep: 32 requests in flight with inputs of a megabyte find each its block, and nothing is kept for long of what is
    // larger than 32 MiB.
    private const int ClassBytes = 32 << 20;
    private const int ClassBlocks = 256;

    private static readonly Shelf[] Shelves =
    [
        .. Enumerable.Range(SmallestBits, LargestBits - SmallestBits + 1)
            .Select(bits => new Shelf(Math.Clamp(ClassBytes >> bits, 1, ClassBlocks))),
    ];

    public static TensorBlock Rent(int length)
    {
        var bits = Math.Max(SmallestBits, BitOperations.Log2((uint)Math.Max(length - 1, 1)) + 1);
        return bits > LargestBits ? new TensorBlock(length) : Shelves[bits - SmallestBits].Take() ?? new TensorBlock(1 << bits);
    }

    public static void Return(TensorBlock block)
    {
        var bits = BitOperations.Log2((uint)block.Capacity);
        if (bits > LargestBits || !BitOperations.IsPow2(block.Capacity) || !Shelves[bits - SmallestBits].TryPut(block))
            block.Dispose();
    }

    private sealed class Shelf(int size)
    {
        private readonly Lock _gate = new();
        private readonly TensorBlock?[] _blocks = new TensorBlock?[size];
        private int _count;

        public TensorBlock? Take()
        {
            lock (_gate)
            {
                if (_count == 0)
                    return null;
                var block = _blocks[--_count];
                _blocks[_count] = null;
                return block;
            }
        }

        public bool TryPut(TensorBlock block)
        {
            lock (_gate)
            {
                if (_count == _blocks.Length)
                    return false;
                _blocks[_count++] = block;
                return true;
            }
        }
    }
}
