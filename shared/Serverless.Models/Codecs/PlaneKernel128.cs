using System.Runtime.Intrinsics;

namespace Serverless.Models.Codecs;

/// <summary>Byte planes with vectors of 128 bits.</summary>
internal readonly struct PlaneKernel128 : IPlaneKernel
{
    public static int Width => Vector128<byte>.Count;

    public static void Split2(ref byte elements, ref byte planes, nuint stride)
    {
        var first = Vector128.LoadUnsafe(ref elements).AsUInt16();
        var second = Vector128.LoadUnsafe(ref elements, (nuint)Width).AsUInt16();
        Vector128.Narrow(first, second).StoreUnsafe(ref planes);
        Vector128.Narrow(first >>> 8, second >>> 8).StoreUnsafe(ref planes, stride);
    }

    public static void Join2(ref byte planes, nuint stride, ref byte elements)
    {
        var (lower, upper) = Pair(ref planes, 0, stride);
        lower.AsByte().StoreUnsafe(ref elements);
        upper.AsByte().StoreUnsafe(ref elements, (nuint)Width);
    }

    public static void Split4(ref byte elements, ref byte planes, nuint stride)
    {
        var first = Vector128.LoadUnsafe(ref elements).AsUInt32();
        var second = Vector128.LoadUnsafe(ref elements, (nuint)Width).AsUInt32();
        var third = Vector128.LoadUnsafe(ref elements, (nuint)(2 * Width)).AsUInt32();
        var fourth = Vector128.LoadUnsafe(ref elements, (nuint)(3 * Width)).AsUInt32();
        var (lowFirst, lowSecond) = (Vector128.Narrow(first, second), Vector128.Narrow(third, fourth));
        var highFirst = Vector128.Narrow(first >>> 16, second >>> 16);
        var highSecond = Vector128.Narrow(third >>> 16, fourth >>> 16);
        Vector128.Narrow(lowFirst, lowSecond).StoreUnsafe(ref planes);
        Vector128.Narrow(lowFirst >>> 8, lowSecond >>> 8).StoreUnsafe(ref planes, stride);
        Vector128.Narrow(highFirst, highSecond).StoreUnsafe(ref planes, 2 * stride);
        Vector128.Narrow(highFirst >>> 8, highSecond >>> 8).StoreUnsafe(ref planes, 3 * stride);
    }

    public static void Join4(ref byte planes, nuint stride, ref byte elements)
    {
        var (low0, low1) = Pair(ref planes, 0, stride);
        var (high0, high1) = Pair(ref planes, 2 * stride, stride);
        Store(low0, high0, ref elements, 0);
        Store(low1, high1, ref elements, 2 * (nuint)Width);
    }

    // Bytes of two planes next to each other: the elements' halves, in order.
    private static (Vector128<ushort> Lower, Vector128<ushort> Upper) Pair(ref byte planes, nuint plane, nuint stride)
    {
        var low = Vector128.LoadUnsafe(ref planes, plane);
        var high = Vector128.LoadUnsafe(ref planes, plane + stride);
        var lower = Vector128.WidenLower(low) | (Vector128.WidenLower(high) << 8);
        return (lower, Vector128.WidenUpper(low) | (Vector128.WidenUpper(high) << 8));
    }

    private static void Store(Vector128<ushort> low, Vector128<ushort> high, ref byte elements, nuint at)
    {
        (Vector128.WidenLower(low) | (Vector128.WidenLower(high) << 16)).AsByte().StoreUnsafe(ref elements, at);
        (Vector128.WidenUpper(low) | (Vector128.WidenUpper(high) << 16)).AsByte().StoreUnsafe(ref elements, at + (nuint)Width);
    }
}
