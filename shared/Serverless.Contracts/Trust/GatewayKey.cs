using System.Security.Cryptography;

namespace Serverless.Contracts.Trust;

/// <summary>The secret that gateway and worker share where they have no identity: base64 of 32 bytes at least.</summary>
public static class GatewayKey
{
    /// <summary>What a setting that holds a key must be, for errors.</summary>
    public const string Rule = "must be base64 of 32 bytes at least, such as 'openssl rand -base64 32' prints";

    // As many as the hash has (RFC 7518, 3.2).
    private const int LeastBytes = 32;

    /// <summary>A new random key.</summary>
    public static string Create() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(LeastBytes));

    /// <summary>The bytes of <paramref name="text"/>; null when it is not a key.</summary>
    public static byte[]? Parse(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length >= LeastBytes ? bytes[..length] : null;
    }
}
