using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Serverless.Gateway.Authentication;

/// <summary>SHA-256 of a key's UTF-8 bytes, as a key of dictionaries.</summary>
internal readonly record struct KeyHash(UInt128 First, UInt128 Second)
{
    // Far above any key that is handed out; keeps the hashing of a stranger's header cheap.
    public const int LongestKey = 512;

    public static KeyHash Of(string key)
    {
        Span<byte> utf8 = stackalloc byte[LongestKey * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(key, utf8)], hash);
        return MemoryMarshal.Read<KeyHash>(hash);
    }

    public static KeyHash Parse(string hex) => MemoryMarshal.Read<KeyHash>(Convert.FromHexString(hex));

    /// <summary>Compares in a time that says nothing about where the two differ.</summary>
    public bool Matches(KeyHash other)
    {
        var (mine, others) = (this, other);
        return CryptographicOperations.FixedTimeEquals(
            MemoryMarshal.AsBytes(new ReadOnlySpan<KeyHash>(in mine)), MemoryMarshal.AsBytes(new ReadOnlySpan<KeyHash>(in others)));
    }

    public override string ToString()
    {
        var mine = this;
        return Convert.ToHexStringLower(MemoryMarshal.AsBytes(new ReadOnlySpan<KeyHash>(in mine)));
    }
}
