using System.Buffers.Text;
using System.Security.Cryptography;

namespace Serverless.Gateway.Authentication.Keys;

/// <summary>How keys look that are made here: recognisable for people and for those who look for secrets in sources.</summary>
internal static class KeyText
{
    public const string Prefix = "inf_";

    private const int RandomBytes = 32;

    // 256 bits in base64url, six to a letter.
    private const int Length = 4 + 43;

    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>Whether a key may be one of ours: no other is looked for in the table.</summary>
    public static bool Is(string key) => key.Length == Length && key.StartsWith(Prefix, StringComparison.Ordinal);
}
