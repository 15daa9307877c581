using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Serverless.Worker.Json;

/// <summary>
/// Reads JSON numbers where they lie: parsing floats is most of what a request with large tensors costs. Up to eight digits go in one step, and
/// the common number becomes a float by one multiplication or division. Where that might round to another float than the exact value does,
/// the runtime's own parser decides.
/// </summary>
internal static class DecimalScanner
{
    // 19 digits always fit 64 bits.
    private const int MaxDigits = 19;

    // An exponent that no table holds: the digits did not fit.
    private const int TooLong = int.MaxValue;

    /// <summary>Powers of ten up to 22, which are exact as doubles.</summary>
    public static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    private static ReadOnlySpan<uint> WholePowersOfTen => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    /// <summary>Digits, sign and power of ten of the number at <paramref name="position"/>; false when none stands there.</summary>
    public static bool TryScan(ReadOnlySpan<byte> text, ref int position, out Decimal64 number)
    {
        number = default;
        var at = position;
        var negative = at < text.Length && text[at] == '-';
        if (negative)
            at++;
        var start = at;
        ulong digits = 0;
        at = Digits(text, at, ref digits);
        var count = at - start;
        // JSON knows no empty number and no leading zeros.
        if (count == 0 || (count > 1 && text[start] == '0'))
            return false;
        var exponent = 0;
        if (at < text.Length && text[at] == '.')
        {
            var fraction = ++at;
            at = Digits(text, at, ref digits);
            exponent = fraction - at;
            count -= exponent;
            if (exponent == 0)
                return false;
        }

        if (at < text.Length && (text[at] | 0x20) == 'e' && !TryExponent(text, ref at, ref exponent))
            return false;
        if (count > MaxDigits && count - LeadingZeros(text[start..at]) > MaxDigits)
            exponent = TooLong;
        position = at;
        number = new Decimal64(digits, exponent, negative);
        return true;
    }

    /// <summary>Digits and sign of the whole number at <paramref name="position"/>; false when it is none or has too many digits.</summary>
    public static bool TryScanWhole(ReadOnlySpan<byte> text, ref int position, out long number)
    {
        number = 0;
        var at = position;
        var negative = at < text.Length && text[at] == '-';
        if (negative)
            at++;
        var start = at;
        ulong digits = 0;
        at = Digits(text, at, ref digits);
        var count = at - start;
        if (count is 0 or >= MaxDigits || (count > 1 && text[start] == '0'))
            return false;
        position = at;
        number = negative ? -(long)digits : (long)digits;
        return true;
    }

    /// <summary>The float nearest to <paramref name="number"/>; false when only an exact parser can say which that is.</summary>
    public static bool TryToSingle(in Decimal64 number, out float value)
    {
        value = number.Negative ? -0f : 0f;
        var power = Math.Abs(number.Exponent);
        if (power >= PowersOfTen.Length || number.Digits > long.MaxValue)
            return false;
        if (number.Digits == 0)
            return true;
        double scaled = (long)number.Digits;
        scaled = number.Exponent < 0 ? scaled / PowersOfTen[power] : scaled * PowersOfTen[power];
        return scaled is >= 1.2e-38 and <= 3.4e38 && TryRound(scaled, number.Negative ? 1 : 0, out value);
    }

    /// <summary>
    /// The float nearest to a number that <paramref name="scaled"/> is the double of, by two roundings at most; false when only an exact parser can
    /// say which that is. The number is zero or a normal float; <paramref name="sign"/> is 1 when it is below zero, or 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRound(double scaled, int sign, out float value)
    {
        value = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits((float)scaled) | (sign << 31));
        // Two roundings moved it by two units of a double's last place at most. Rounding that to a float gives the float nearest to the
        // exact value unless a midpoint between two floats (a one followed by 28 zeros below a float's last bit) lies within that distance.
        const uint Midpoint = 0x1000_0000;
        const uint Near = 4;
        var tail = (uint)BitConverter.DoubleToUInt64Bits(scaled) & 0x1fff_ffff;
        return tail - (Midpoint - Near) > 2 * Near;
    }

    /// <summary>The double nearest to <paramref name="number"/>; false when only an exact parser can say which that is.</summary>
    public static bool TryToDouble(in Decimal64 number, out double value)
    {
        value = number.Negative ? -0d : 0d;
        var power = Math.Abs(number.Exponent);
        // Both operands are exact, so the one operation rounds once.
        if (number.Digits > 1UL << 53 || power >= PowersOfTen.Length)
            return false;
        var scaled = number.Exponent < 0 ? number.Digits / PowersOfTen[power] : number.Digits * PowersOfTen[power];
        value = number.Negative ? -scaled : scaled;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Digits(ReadOnlySpan<byte> text, int at, ref ulong value)
    {
        while (text.Length - at >= sizeof(ulong))
        {
            var eight = BinaryPrimitives.ReadUInt64LittleEndian(text[at..]);
            var count = CountDigits(eight);
            if (count == 1)
                value = (value * 10) + (eight & 0xf);
            else if (count > 0)
                // What follows the digits is shifted out, and zeros come before them.
                value = (value * WholePowersOfTen[count]) + ToNumber((eight - 0x3030_3030_3030_3030) << ((sizeof(ulong) - count) * 8));
            at += count;
            if (count < sizeof(ulong))
                return at;
        }

        while (at < text.Length && (uint)(text[at] - '0') <= 9)
            value = (value * 10) + (uint)(text[at++] - '0');
        return at;
    }

    // How many bytes are digits before the first that is none. Those are 0x30 to 0x39: the high half is 3, and stays 3 when 6 is added.
    // What a byte that is no digit carries or borrows, it does from those after it.
    private static int CountDigits(ulong eight)
    {
        const ulong High = 0xf0f0_f0f0_f0f0_f0f0;
        const ulong Three = 0x3030_3030_3030_3030;
        var others = ((eight & High) ^ Three) | (((eight + 0x0606_0606_0606_0606) & High) ^ Three);
        // Of zero, 64.
        return BitOperations.TrailingZeroCount(others) / 8;
    }

    // Neighbours are joined: digits to pairs, pairs to fours, fours to eight, by two multiplications.
    private static uint ToNumber(ulong digits)
    {
        const ulong Pairs = 0x0000_00ff_0000_00ff;
        digits = (digits * 10) + (digits >> 8);
        return (uint)((((digits & Pairs) * 0x000f_4240_0000_0064) + (((digits >> 16) & Pairs) * 0x0000_2710_0000_0001)) >> 32);
    }

    private static int LeadingZeros(ReadOnlySpan<byte> number) => number.IndexOfAnyExcept((byte)'0', (byte)'.') is var at and >= 0
        ? number[..at].Count((byte)'0')
        : number.Length;

    private static bool TryExponent(ReadOnlySpan<byte> text, ref int at, ref int exponent)
    {
        at++;
        var negative = at < text.Length && text[at] == '-';
        if (at < text.Length && text[at] is (byte)'-' or (byte)'+')
            at++;
        var start = at;
        ulong value = 0;
        at = Digits(text, at, ref value);
        if (at == start || at - start > 4)
            return false;
        exponent += negative ? -(int)value : (int)value;
        return true;
    }
}
