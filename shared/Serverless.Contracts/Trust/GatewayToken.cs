using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Serverless.Contracts.Trust;

/// <summary>
/// Claims that gateway and worker share a key for: a JSON Web Token with HMAC-SHA-256. Written and read here rather than by a library,
/// whose code would have to be compiled before the first answer of every replica that starts.
/// </summary>
public static class GatewayToken
{
    // The only header that is written or taken, so that a token cannot choose how it is checked (RFC 8725, 3.1).
    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8) + ".";

    private static readonly int SignatureLength = Base64Url.GetEncodedLength(HMACSHA256.HashSizeInBytes);

    /// <summary>Signs <paramref name="claims"/>.</summary>
    public static string Write(GatewayClaims claims, byte[] key)
    {
        var signed = Header + claims.Encode();
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>The claims of a token that one of <paramref name="keys"/> signed, whether or not they still hold; null for any other text.</summary>
    public static GatewayClaims? Read(string token, IReadOnlyList<byte[]> keys)
    {
        var end = token.Length - SignatureLength - 1;
        if (end <= Header.Length || token[end] != '.' || !token.StartsWith(Header, StringComparison.Ordinal))
            return null;
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (!Base64Url.TryDecodeFromChars(token.AsSpan(end + 1), signature, out var written) || written != signature.Length)
            return null;
        var signed = Encoding.UTF8.GetBytes(token, 0, end);
        Span<byte> own = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (var key in keys)
        {
            HMACSHA256.HashData(key, signed, own);
            if (CryptographicOperations.FixedTimeEquals(own, signature))
                return GatewayClaims.Decode(token.AsSpan(Header.Length, end - Header.Length));
        }

        return null;
    }
}
