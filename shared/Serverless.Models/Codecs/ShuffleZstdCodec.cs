using System.Buffers;
using System.Buffers.Binary;
using ZstdSharp;

namespace Serverless.Models.Codecs;

/// <summary>
/// <see cref="PackageCodecs.ShuffleZstd2"/> and <see cref="PackageCodecs.ShuffleZstd4"/>: blocks, each a length in four bytes
/// (little-endian) and a Zstandard frame of the block's byte planes.
/// </summary>
internal sealed class ShuffleZstdCodec(int elementSize) : IContentCodec
{
    // A plane of 128 KiB is what Zstandard compresses with one table; larger planes would gain nothing and leave the second-level cache.
    private const int PlaneBytes = 128 << 10;

    private int BlockBytes => elementSize * PlaneBytes;

    public string Name => elementSize == 2 ? PackageCodecs.ShuffleZstd2 : PackageCodecs.ShuffleZstd4;

    public byte[] Encode(ReadOnlySpan<byte> source)
    {
        var encoded = new ArrayBufferWriter<byte>(Math.Max(1, source.Length));
        var planes = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            for (var at = 0; at < source.Length; at += BlockBytes)
            {
                var block = source.Slice(at, Math.Min(BlockBytes, source.Length - at));
                BytePlanes.Split(block, planes.AsSpan(0, block.Length), elementSize);
                var frame = ZstdFrame.Compress(planes.AsSpan(0, block.Length));
                BinaryPrimitives.WriteInt32LittleEndian(encoded.GetSpan(sizeof(int)), frame.Length);
                encoded.Advance(sizeof(int));
                encoded.Write(frame);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(planes);
        }

        return encoded.WrittenSpan.ToArray();
    }

    public void Decode(ReadOnlySpan<byte> stored, Span<byte> destination)
    {
        using var decompressor = new Decompressor();
        var planes = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            for (var at = 0; at < destination.Length; at += BlockBytes)
            {
                var block = destination.Slice(at, Math.Min(BlockBytes, destination.Length - at));
                ZstdFrame.Decompress(decompressor, TakeFrame(ref stored), planes.AsSpan(0, block.Length));
                BytePlanes.Join(planes.AsSpan(0, block.Length), block, elementSize);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(planes);
        }

        if (!stored.IsEmpty)
            throw new InvalidDataException($"{stored.Length} bytes follow the last block");
    }

    private static ReadOnlySpan<byte> TakeFrame(ref ReadOnlySpan<byte> stored)
    {
        if (!BinaryPrimitives.TryReadInt32LittleEndian(stored, out var length) || length < 0 || length > stored.Length - sizeof(int))
            throw new InvalidDataException("a block's frame ends beyond the stored bytes");
        var frame = stored.Slice(sizeof(int), length);
        stored = stored[(sizeof(int) + length)..];
        return frame;
    }
}
