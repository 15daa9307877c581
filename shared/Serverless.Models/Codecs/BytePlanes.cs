using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Serverless.Models.Codecs;

/// <summary>
/// Groups the bytes of elements by significance: all first bytes, then all second ones … Trained floats share few exponents, so that their
/// upper bytes compress once they are together.
/// </summary>
internal static class BytePlanes
{
    /// <summary>Bytes of <paramref name="elements"/> by plane. What is left over beyond whole elements follows as it is.</summary>
    public static void Split(ReadOnlySpan<byte> elements, Span<byte> planes, int elementSize)
    {
        if (Vector512.IsHardwareAccelerated)
            Split<PlaneKernel512>(elements, planes, elementSize);
        else if (Vector256.IsHardwareAccelerated)
            Split<PlaneKernel256>(elements, planes, elementSize);
        else
            Split<PlaneKernel128>(elements, planes, elementSize);
    }

    /// <summary>Undoes <see cref="Split(ReadOnlySpan{byte}, Span{byte}, int)"/>.</summary>
    public static void Join(ReadOnlySpan<byte> planes, Span<byte> elements, int elementSize)
    {
        if (Vector512.IsHardwareAccelerated)
            Join<PlaneKernel512>(planes, elements, elementSize);
        else if (Vector256.IsHardwareAccelerated)
            Join<PlaneKernel256>(planes, elements, elementSize);
        else
            Join<PlaneKernel128>(planes, elements, elementSize);
    }

    // Optimised at once: in a process that starts cold, the first call is the one that counts.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Split<TKernel>(ReadOnlySpan<byte> elements, Span<byte> planes, int elementSize)
        where TKernel : IPlaneKernel
    {
        var count = Count(elements.Length, planes.Length, elementSize);
        ref var from = ref MemoryMarshal.GetReference(elements);
        ref var to = ref MemoryMarshal.GetReference(planes);
        var i = 0;
        for (; i + TKernel.Width <= count; i += TKernel.Width)
        {
            if (elementSize == 2)
                TKernel.Split2(ref Unsafe.Add(ref from, i * 2), ref Unsafe.Add(ref to, i), (nuint)count);
            else
                TKernel.Split4(ref Unsafe.Add(ref from, i * 4), ref Unsafe.Add(ref to, i), (nuint)count);
        }

        for (; i < count; i++)
        {
            for (var plane = 0; plane < elementSize; plane++)
                planes[(plane * count) + i] = elements[(i * elementSize) + plane];
        }

        elements[(count * elementSize)..].CopyTo(planes[(count * elementSize)..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Join<TKernel>(ReadOnlySpan<byte> planes, Span<byte> elements, int elementSize)
        where TKernel : IPlaneKernel
    {
        var count = Count(elements.Length, planes.Length, elementSize);
        ref var from = ref MemoryMarshal.GetReference(planes);
        ref var to = ref MemoryMarshal.GetReference(elements);
        var i = 0;
        for (; i + TKernel.Width <= count; i += TKernel.Width)
        {
            if (elementSize == 2)
                TKernel.Join2(ref Unsafe.Add(ref from, i), (nuint)count, ref Unsafe.Add(ref to, i * 2));
            else
                TKernel.Join4(ref Unsafe.Add(ref from, i), (nuint)count, ref Unsafe.Add(ref to, i * 4));
        }

        for (; i < count; i++)
        {
            for (var plane = 0; plane < elementSize; plane++)
                elements[(i * elementSize) + plane] = planes[(plane * count) + i];
        }

        planes[(count * elementSize)..].CopyTo(elements[(count * elementSize)..]);
    }

    private static int Count(int elements, int planes, int elementSize)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(planes, elements);
        if (elementSize is not (2 or 4))
            throw new ArgumentOutOfRangeException(nameof(elementSize), elementSize, "Elements have 2 or 4 bytes.");
        return elements / elementSize;
    }
}
