using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Serverless.Worker.Json;

/// <summary>
/// Reads a float of up to fifteen digits in one piece, and up to nineteen in two: nearly every element of a tensor. One comparison of sixteen
/// bytes tells where the point and the end are, so that the next number is begun before this one's digits are added up: 10 to 15 ns a number
/// where <see cref="DecimalScanner"/> takes 13 to 28.
/// </summary>
internal static class ShortDecimals
{
    private const int Window = 16;

    // With the fifteen digits of the first window nineteen, which always fit 64 bits.
    private const int MostInSecond = 4;

    private static readonly Vector128<sbyte> Lanes = Vector128.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    private static readonly Vector128<sbyte> Twos = Vector128.Create(10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1);
    private static readonly Vector128<short> Fours = Vector128.Create(100, 1, 100, 1, 100, 1, 100, 1);
    private static readonly Vector128<short> Eights = Vector128.Create(10_000, 1, 10_000, 1, 10_000, 1, 10_000, 1);

    /// <summary>The float nearest to the number at <paramref name="position"/>; false when it is not of this kind, which may still be a number.</summary>
    // One piece without a local whose address is taken: what goes through memory there doubles the time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> text, ref int position, out float value)
    {
        value = 0;
        if (!Sse41.IsSupported || text.Length - position <= Window)
            return false;
        ref var first = ref Unsafe.Add(ref MemoryMarshal.GetReference(text), position);
        // No branch: in most tensors every other number has a sign.
        var sign = first == '-' ? 1 : 0;
        first = ref Unsafe.Add(ref first, sign);
        var values = ValuesAt(ref first);
        // A bit for each byte that is no digit, and one behind the last.
        var others = OthersOf(values) | (1u << Window);
        var point = BitOperations.TrailingZeroCount(others);
        var length = point;
        var decimals = 0;
        if (point < Window && Unsafe.Add(ref first, point) == '.')
        {
            length = BitOperations.TrailingZeroCount(others & (others - 1));
            decimals = length - point - 1;
            // JSON knows no empty fraction, no empty number and no leading zeros.
            if (decimals == 0)
                return false;
        }

        if (point is 0 or Window || (point > 1 && first == '0'))
            return false;
        var digits = Sum(values, point, decimals == 0 ? point : length - 1);
        if (length == Window)
            return TryReadOn(ref first, text.Length - position - sign, sign, digits, decimals, ref position, out value);
        if ((Unsafe.Add(ref first, length) | 0x20) == 'e')
            return false;
        position += sign + length;
        return DecimalScanner.TryRound((long)digits / DecimalScanner.PowersOfTen[decimals], sign, out value);
    }

    // A float that was written as a double, as Python does, has seventeen.
    private static bool TryReadOn(ref byte first, int left, int sign, ulong digits, int decimals, ref int position, out float value)
    {
        value = 0;
        if (left < 2 * Window)
            return false;
        ref var second = ref Unsafe.Add(ref first, Window);
        var count = BitOperations.TrailingZeroCount(OthersOf(ValuesAt(ref second)) | (1u << Window));
        if (count > MostInSecond || (Unsafe.Add(ref second, count) | 0x20) == 'e')
            return false;
        for (var i = 0; i < count; i++)
            digits = (digits * 10) + (ulong)(Unsafe.Add(ref second, i) - '0');
        if (digits > long.MaxValue)
            return false;
        position += sign + Window + count;
        return DecimalScanner.TryRound((long)digits / DecimalScanner.PowersOfTen[decimals + count], sign, out value);
    }

    private static Vector128<byte> ValuesAt(ref byte first) => Vector128.LoadUnsafe(ref first) - Vector128.Create((byte)'0');

    private static uint OthersOf(Vector128<byte> values) => Vector128.GreaterThan(values, Vector128.Create((byte)9)).ExtractMostSignificantBits();

    // The digits move to the right end, over the point; a lane below zero takes nothing. Then neighbours are joined three times.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Sum(Vector128<byte> values, int point, int count)
    {
        var source = Lanes - Vector128.Create((sbyte)(Window - count));
        source -= Vector128.GreaterThan(source, Vector128.Create((sbyte)(point - 1)));
        var twos = Ssse3.MultiplyAddAdjacent(Ssse3.Shuffle(values, source.AsByte()), Twos);
        var fours = Sse2.MultiplyAddAdjacent(twos, Fours);
        var eights = Sse2.MultiplyAddAdjacent(Sse41.PackUnsignedSaturate(fours, fours).AsInt16(), Eights).AsUInt64().ToScalar();
        return ((eights & uint.MaxValue) * 100_000_000) + (eights >> 32);
    }
}
