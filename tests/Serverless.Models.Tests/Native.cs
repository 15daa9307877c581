namespace Serverless.Models.Tests;

/// <summary>Looks at native memory.</summary>
internal static class Native
{
    public static unsafe ReadOnlySpan<byte> Bytes(nint address, long length) => new((void*)address, checked((int)length));
}
