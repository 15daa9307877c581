using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Serverless.Models.Codecs;

/// <summary><see cref="PackageCodecs.Fp16"/>.</summary>
internal sealed class Fp16Codec : IContentCodec
{
    public string Name => PackageCodecs.Fp16;

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

        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(stored), MemoryMarshal.Cast<byte, float>(destination));
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
