using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Serverless.Models.Codecs;

/// <summary><see cref="PackageCodecs.Fp16"/>.</summary>
internal sealed class Fp16Codec : IContentCodec
{
    // Moved aside before they are widened, since they may lie where the floats go; 4 KiB stay in the first-level cache.
    private const int BlockHalves = 2048;

    public string Name => PackageCodecs.Fp16;

    public bool DecodesInPlace => true;

    public byte[]? Encode(ReadOnlySpan<byte> source)
    {
        if (source.Length % sizeof(float) != 0)
            return null;
        var floats = MemoryMarshal.Cast<byte, float>(source);
        var encoded = new byte[floats.Length * 2];
        var halves = MemoryMarshal.Cast<byte, Half>(encoded.AsSpan());
        TensorPrimitives.ConvertToHalf(floats, halves);
        return AllFinite(halves) ? encoded : null;
    }

    public void Decode(ReadOnlySpan<byte> stored, Span<byte> destination)
    {
        if (stored.Length * 2L != destination.Length)
        {
            throw new InvalidDataException(
                $"{stored.Length} bytes of halves are stored where {destination.Length} bytes of floats are declared");
        }

        var halves = MemoryMarshal.Cast<byte, Half>(stored);
        var floats = MemoryMarshal.Cast<byte, float>(destination);
        Span<Half> aside = stackalloc Half[BlockHalves];
        for (var at = 0; at < halves.Length; at += BlockHalves)
        {
            var block = halves.Slice(at, Math.Min(BlockHalves, halves.Length - at));
            block.CopyTo(aside);
            TensorPrimitives.ConvertToSingle(aside[..block.Length], floats[at..]);
        }
    }

    // A mask of -3.4e38 would become an infinity, and a sum with it not a number: such chunks stay as they are.
    private static bool AllFinite(ReadOnlySpan<Half> halves)
    {
        foreach (var half in halves)
        {
            if (!Half.IsFinite(half))
                return false;
        }

        return true;
    }
}
