namespace Serverless.Benchmarks.Serving;

/// <summary>One input tensor: FP32 or INT64.</summary>
internal sealed record RowInput(string Name, long[] Shape, float[]? Floats, long[]? Longs)
{
    public string Datatype => Longs is null ? "FP32" : "INT64";

    public ReadOnlySpan<byte> Bytes => Longs is null
        ? System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(Floats)
        : System.Runtime.InteropServices.MemoryMarshal.AsBytes<long>(Longs);
}
