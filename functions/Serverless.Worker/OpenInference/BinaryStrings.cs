using System.Buffers.Binary;
using Serverless.Contracts.Errors;
using Serverless.Worker.Json;

namespace Serverless.Worker.OpenInference;

/// <summary>Byte strings in binary form: each after its length in four bytes, little-endian.</summary>
internal static class BinaryStrings
{
    /// <exception cref="InferenceException">There are not exactly <paramref name="count"/> of them.</exception>
    public static byte[][] Read(ReadOnlySpan<byte> data, long count, string name)
    {
        // Each takes four bytes at least, so this is no more than the data has.
        if (count > data.Length / sizeof(uint))
            throw Invalid(name, $"has {data.Length} bytes, too few for {count} byte strings");
        var strings = new byte[count][];
        for (var i = 0; i < strings.Length; i++)
        {
            if (data.Length < sizeof(uint))
                throw Invalid(name, $"ends after {i} of {count} byte strings");
            var length = BinaryPrimitives.ReadUInt32LittleEndian(data);
            data = data[sizeof(uint)..];
            if (length > data.Length)
                throw Invalid(name, $"ends within element {i}, which says that it has {length} bytes");
            strings[i] = data[..(int)length].ToArray();
            data = data[(int)length..];
        }

        return data.IsEmpty ? strings : throw Invalid(name, $"has {data.Length} bytes after its {count} byte strings");
    }

    private static InferenceException Invalid(string name, string what) =>
        JsonValues.Invalid($"The binary data of input '{name}' {what}.", name);
}
