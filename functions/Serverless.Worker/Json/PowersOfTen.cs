using System.Numerics;

namespace Serverless.Worker.Json;

/// <summary>The first 64 bits of powers of ten, rounded up, for every power that a float can need.</summary>
internal static class PowersOfTen
{
    private const int First = -31;
    private const int Last = 45;

    private static readonly ulong[] Table = [.. Enumerable.Range(First, Last - First + 1).Select(Compute)];

    /// <summary>10^<paramref name="power"/> as a whole number between 2^63 and 2^64.</summary>
    public static ulong At(int power) => Table[power - First];

    private static ulong Compute(int power)
    {
        var ten = BigInteger.Pow(10, Math.Abs(power));
        var bits = (int)ten.GetBitLength();
        if (power >= 0)
            return (ulong)(bits <= 64 ? ten << (64 - bits) : ten >> (bits - 64)) + 1;
        // 1 / ten lies between 2^-bits and 2^(1-bits).
        return (ulong)((BigInteger.One << (bits + 63)) / ten) + 1;
    }
}
