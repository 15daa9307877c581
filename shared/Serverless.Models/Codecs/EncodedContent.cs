using System.Security.Cryptography;
using Serverless.Models.Manifest;

namespace Serverless.Models.Codecs;

/// <summary>Bytes ready to be stored.</summary>
/// <param name="Codec">How they are stored.</param>
/// <param name="Stored">What is stored.</param>
/// <param name="Size">Size once decoded.</param>
/// <param name="Sha256">Hash once decoded.</param>
/// <param name="Error">What a lossy codec cost.</param>
internal sealed record EncodedContent(string Codec, byte[] Stored, int Size, string Sha256, CodecError? Error = null)
{
    public string StoredSha256 { get; } = Hash(Stored);

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
