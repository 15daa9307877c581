using System.Runtime.Intrinsics;

namespace Serverless.Models.Codecs;

/// <summary>Byte planes with vectors of 512 bits.</summary>
internal readonly struct PlaneKernel512 : IPlaneKernel
{
    public static int Width => Vector512<byte>.Count;

    public static void Split2(ref byte elements, ref byte planes, nuint stride)
    {
        var first = Vector512.LoadUnsafe(ref elements).AsUInt16();
        var second = Vector512.LoadUnsafe(ref elements, (nuint)Width).AsUInt16();
        Vector512.Narrow(first, second).StoreUnsafe(ref planes);
        Vector512.Narrow(first >>> 8, second >>> 8).StoreUnsafe(ref planes, stride);
    }

    public static void Join2(ref byte planes, nuint stride, ref byte elements)
    {
        var (lower, upper) = Pair(ref planes, 0, stride);
        lower.AsByte().StoreUnsafe(ref elements);
        upper.AsByte().StoreUnsafe(ref elements, (nuint)Width);
    }

    public static void Split4(ref byte elements, ref byte planes, nuint stride)
    {
        var first = Vector512.LoadUnsafe(ref elements).AsUInt32();
        var second = Vector512.LoadUnsafe(ref elements, (nuint)Width).AsUInt32();
        var third = Vector512.LoadUnsafe(ref elements, (nuint)(2 * Width)).AsUInt32();
        var fourth = Vector512.LoadUnsafe(ref elements, (nuint)(3 * Width)).AsUInt32();
        var (lowFirst, lowSecond) = (Vector512.Narrow(first, second), Vector512.Narrow(third, fourth));
        var highFirst = Vector512.Narrow(first >>> 16, second >>> 16);
        var highSecond = Vector512.Narrow(third >>> 16, fourth >>> 16);
        Vector512.Narrow(lowFirst, lowSecond).StoreUnsafe(ref planes);
        Vector512.Narrow(lowFirst >>> 8, lowSecond >>> 8).StoreUnsafe(ref planes, stride);
        Vector512.Narrow(highFirst, highSecond).StoreUnsafe(ref planes, 2 * stride);
        Vector512.Narrow(highFirst >>> 8, highSecond >>> 8).StoreUnsafe(ref planes, 3 * stride);
    }

    public static void Join4(ref byte planes, nuint stride, ref byte elements)
    {
        var (low0, low1) = Pair(ref planes, 0, stride);
        var (high0, high1) = Pair(ref planes, 2 * stride, stride);
        Store(low0, high0, ref elements, 0);
        Store(low1, high1, ref elements, 2 * (nuint)Width);
    }

    // Bytes of two planes next to each other: the elements' halves, in order.
    private static (Vector512<ushort> Lower, Vector512<ushort> Upper) Pair(ref byte planes, nuint plane, nuint stride)
    {
        var low = Vector512.LoadUnsafe(ref planes, plane);
        var high = Vector512.LoadUnsafe(ref planes, plane + stride);
        var lower = Vector512.WidenLower(low) | (Vector512.WidenLower(high) << 8);
        return (lower, Vector512.WidenUpper(low) | (Vector512.WidenUpper(high) << 8));
    }

    private static void Store(Vector512<ushort> low, Vector512<ushort> high, ref byte elements, nuint at)
    {
        (Vector512.WidenLower(low) | (Vector512.WidenLower(high) << 16)).AsByte().StoreUnsafe(ref elements, at);
        (Vector512.WidenUpper(low) | (Vector512.WidenUpper(high) << 16)).AsByte().StoreUnsafe(ref elements, at + (nuint)Width);
    }
}
