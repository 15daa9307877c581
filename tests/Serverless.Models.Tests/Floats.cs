namespace Serverless.Models.Tests;

/// <summary>Numbers that are distributed like trained weights.</summary>
internal static class Floats
{
    public static void Fill(Span<float> floats, Random random)
    {
        for (var i = 0; i < floats.Length; i++)
            floats[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()) * 0.05);
    }

    public static byte[] Bytes(int seed, int count)
    {
        var floats = new float[count];
        Fill(floats, new Random(seed));
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes(floats.AsSpan()).ToArray();
    }
}
