using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Serverless.Models.Codecs;

/// <summary>
/// <see cref="PackageCodecs.Bf16"/>: the upper half of each float, rounded to nearest even. It has the range of floats, so that a mask of
/// -3.4e38 stays one, and weights that were trained in bf16 lose nothing.
/// </summary>
internal sealed class Bf16Codec : IContentCodec
{
    private const ushort LargestFinite = 0x7f7f;
    private const ushort Infinity = 0x7f80;
    private const ushort Sign = 0x8000;

    public string Name => PackageCodecs.Bf16;

    public bool DecodesInPlace => true;

    public byte[]? Encode(ReadOnlySpan<byte> source)
    {
        if (source.Length % sizeof(float) != 0)
            return null;
        var floats = MemoryMarshal.Cast<byte, float>(source);
        var encoded = new byte[floats.Length * 2];
        var halves = MemoryMarshal.Cast<byte, ushort>(encoded.AsSpan());
        for (var i = 0; i < floats.Length; i++)
        {
            if (!float.IsFinite(floats[i]))
                return null;
            halves[i] = Round(floats[i]);
        }

        return encoded;
    }

    // In order, a vector read before it is written: where the stored bytes end where the floats do, no float reaches a half that is unread.
    public void Decode(ReadOnlySpan<byte> stored, Span<byte> destination)
    {
        if (stored.Length * 2L != destination.Length)
        {
            throw new InvalidDataException(
                $"{stored.Length} bytes of halves are stored where {destination.Length} bytes of floats are declared");
        }

        var halves = MemoryMarshal.Cast<byte, ushort>(stored);
        var floats = MemoryMarshal.Cast<byte, uint>(destination);
        ref var from = ref MemoryMarshal.GetReference(halves);
        ref var to = ref MemoryMarshal.GetReference(floats);
        var i = 0;
        for (; i <= halves.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            var vector = Vector256.LoadUnsafe(ref from, (nuint)i);
            (Vector256.WidenLower(vector) << 16).StoreUnsafe(ref to, (nuint)i);
            (Vector256.WidenUpper(vector) << 16).StoreUnsafe(ref to, (nuint)(i + Vector256<uint>.Count));
        }

        for (; i < halves.Length; i++)
            Unsafe.Add(ref to, i) = (uint)Unsafe.Add(ref from, i) << 16;
    }

    // What would round up to an infinity becomes the largest number there is: off by 0.4 %, and a sum with it stays a number.
    private static ushort Round(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        var rounded = (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
        return (rounded & ~Sign) == Infinity ? (ushort)((rounded & Sign) | LargestFinite) : rounded;
    }
}
