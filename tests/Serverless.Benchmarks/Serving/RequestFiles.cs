using System.Buffers.Binary;

namespace Serverless.Benchmarks.Serving;

/// <summary>Reads what <see cref="LoadGenerator.RequestSet.Write"/> wrote.</summary>
internal static class RequestFiles
{
    public static IEnumerable<byte[]> Read(string file)
    {
        var content = System.IO.File.ReadAllBytes(file);
        for (var at = 0; at < content.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(at));
            yield return content.AsSpan(at + sizeof(int), length).ToArray();
            at += sizeof(int) + length;
        }
    }
}
