namespace Serverless.Models.Codecs;

/// <summary>Moves one vector's worth of elements between their natural order and byte planes that lie <c>stride</c> bytes apart.</summary>
internal interface IPlaneKernel
{
    /// <summary>Bytes of a vector, which is how many elements one call moves.</summary>
    static abstract int Width { get; }

    /// <summary>Two-byte elements to two planes.</summary>
    static abstract void Split2(ref byte elements, ref byte planes, nuint stride);

    /// <summary>Two planes to two-byte elements.</summary>
    static abstract void Join2(ref byte planes, nuint stride, ref byte elements);

    /// <summary>Four-byte elements to four planes.</summary>
    static abstract void Split4(ref byte elements, ref byte planes, nuint stride);

    /// <summary>Four planes to four-byte elements.</summary>
    static abstract void Join4(ref byte planes, nuint stride, ref byte elements);
}
