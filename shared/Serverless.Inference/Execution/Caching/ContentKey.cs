using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Execution.Caching;

/// <summary>
/// SHA-256 of what a request asks. Inputs come from strangers: a quicker hash would let one answer another's question with what they like.
/// </summary>
internal readonly record struct ContentKey(UInt128 High, UInt128 Low)
{
    public static ContentKey Of(BufferTensor[] inputs, IReadOnlyList<string> outputs)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var output in outputs)
            AppendText(hash, Encoding.UTF8.GetBytes(output));
        foreach (var input in inputs)
        {
            AppendNumber(hash, input.Dimensions.Length);
            hash.AppendData(MemoryMarshal.AsBytes(input.Dimensions.AsSpan()));
            hash.AppendData(input.Data);
            for (var i = 0; input.Datatype == TensorDatatype.Bytes && i < input.Count; i++)
                AppendText(hash, input.StringAt(i));
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return new ContentKey(BinaryPrimitives.ReadUInt128LittleEndian(digest), BinaryPrimitives.ReadUInt128LittleEndian(digest[16..]));
    }

    // With its length before it no two lists of texts read the same.
    private static void AppendText(IncrementalHash hash, ReadOnlySpan<byte> text)
    {
        AppendNumber(hash, text.Length);
        hash.AppendData(text);
    }

    private static void AppendNumber(IncrementalHash hash, int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
