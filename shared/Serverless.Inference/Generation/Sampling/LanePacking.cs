using System.Runtime.Intrinsics;

namespace Serverless.Inference.Generation.Sampling;

/// <summary>
/// Brings chosen lanes of a vector to its front, in their order. One shuffle in place of a loop over the bits: with a flat distribution, where
/// a fifth of 50,000 tokens is gathered, that was a third of the time to choose one.
/// </summary>
internal static class LanePacking
{
    private static readonly Vector256<int>[] Orders = [.. Enumerable.Range(0, 1 << Vector256<int>.Count).Select(Pack)];

    /// <summary>The lanes whose bits are set in <paramref name="chosen"/>, then any.</summary>
    /// <param name="chosen">A bit for each of the eight lanes, the lowest for the first.</param>
    public static Vector256<int> Order(uint chosen) => Orders[chosen];

    private static Vector256<int> Pack(int chosen)
    {
        Span<int> lanes = stackalloc int[Vector256<int>.Count];
        var count = 0;
        for (var lane = 0; lane < lanes.Length; lane++)
        {
            if ((chosen >> lane & 1) != 0)
                lanes[count++] = lane;
        }

        return Vector256.Create<int>(lanes);
    }
}
