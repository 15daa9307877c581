using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Serverless.Models.Codecs;

/// <summary>
/// <see cref="PackageCodecs.Int8Block"/>: the half-precision scales of all blocks, then an int8 for each float. A float is its int8 times
/// its block's scale.
/// </summary>
internal sealed class Int8BlockCodec : IContentCodec
{
    private const int BlockFloats = 32;

    public string Name => PackageCodecs.Int8Block;

    public bool DecodesInPlace => true;

    public byte[]? Encode(ReadOnlySpan<byte> source)
    {
        if (source.Length % sizeof(float) != 0)
            return null;
        var floats = MemoryMarshal.Cast<byte, float>(source);
        var encoded = new byte[StoredLength(floats.Length)];
        var scales = MemoryMarshal.Cast<byte, Half>(encoded.AsSpan(0, Blocks(floats.Length) * 2));
        var values = MemoryMarshal.Cast<byte, sbyte>(encoded.AsSpan(scales.Length * 2));
        for (var block = 0; block < scales.Length; block++)
        {
            var from = floats.Slice(block * BlockFloats, Math.Min(BlockFloats, floats.Length - (block * BlockFloats)));
            var largest = TensorPrimitives.MaxMagnitude(from);
            var scale = ScaleOf(Math.Abs(largest));
            if (!Half.IsFinite(scale))
                return null;
            scales[block] = scale;
            Quantize(from, (float)scale, values[(block * BlockFloats)..]);
        }

        return encoded;
    }

    public void Decode(ReadOnlySpan<byte> stored, Span<byte> destination)
    {
        var count = destination.Length / sizeof(float);
        if (destination.Length % sizeof(float) != 0 || stored.Length != StoredLength(count))
        {
            throw new InvalidDataException(
                $"{stored.Length} bytes of int8 blocks are stored where {destination.Length} bytes of floats are declared");
        }

        var floats = MemoryMarshal.Cast<byte, float>(destination);
        // Moved aside, since they may lie where the first floats go; the int8s are always ahead of the floats that they become.
        Half[] scales = [.. MemoryMarshal.Cast<byte, Half>(stored[..(Blocks(count) * 2)])];
        var values = MemoryMarshal.Cast<byte, sbyte>(stored[(scales.Length * 2)..]);
        var whole = count / BlockFloats;
        for (var block = 0; block < whole; block++)
        {
            ref var first = ref Unsafe.Add(ref MemoryMarshal.GetReference(values), block * BlockFloats);
            Widen(ref first, (float)scales[block], floats.Slice(block * BlockFloats, BlockFloats));
        }

        for (var i = whole * BlockFloats; i < count; i++)
            floats[i] = values[i] * (float)scales[^1];
    }

    private static int Blocks(int floats) => (floats + BlockFloats - 1) / BlockFloats;

    private static int StoredLength(int floats) => (Blocks(floats) * 2) + floats;

    // The smallest half that keeps the block's largest value within 127 steps; rounded down it would be cut off.
    private static Half ScaleOf(float largest)
    {
        var scale = (Half)(largest / 127);
        return (float)scale * 127 < largest ? Half.BitIncrement(scale) : scale;
    }

    private static void Quantize(ReadOnlySpan<float> from, float scale, Span<sbyte> to)
    {
        for (var i = 0; i < from.Length; i++)
            to[i] = scale == 0 ? (sbyte)0 : (sbyte)Math.Clamp(MathF.Round(from[i] / scale), -127, 127);
    }

    private static void Widen(ref sbyte values, float scale, Span<float> floats)
    {
        var bytes = Vector256.LoadUnsafe(ref values);
        var (lower, upper) = (Vector256.WidenLower(bytes), Vector256.WidenUpper(bytes));
        ref var to = ref MemoryMarshal.GetReference(floats);
        (Vector256.ConvertToSingle(Vector256.WidenLower(lower)) * scale).StoreUnsafe(ref to);
        (Vector256.ConvertToSingle(Vector256.WidenUpper(lower)) * scale).StoreUnsafe(ref to, 8);
        (Vector256.ConvertToSingle(Vector256.WidenLower(upper)) * scale).StoreUnsafe(ref to, 16);
        (Vector256.ConvertToSingle(Vector256.WidenUpper(upper)) * scale).StoreUnsafe(ref to, 24);
    }
}
