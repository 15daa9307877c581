using Serverless.Models.Codecs;

namespace Serverless.Models.Manifest;

/// <summary>What must hold of everything that lies in the store.</summary>
internal static class ContentRules
{
    public static string? FindFault(StoredContent content, string what, long maxBytes)
    {
        if (content.Size < 0 || content.Size > maxBytes)
            return $"{what} has a size of {content.Size} bytes where up to {maxBytes} are allowed";
        // No encoder keeps what it made larger, so a larger one is not ours; equal is what store means.
        if (content.StoredSize < 0 || content.StoredSize > content.Size)
            return $"{what} takes {content.StoredSize} bytes stored where up to its {content.Size} bytes are allowed";
        if (!PackageCodecs.All.Contains(content.Codec))
            return $"{what} has the unknown codec '{content.Codec}'";
        if (content.Codec == PackageCodecs.Store && (content.StoredSize != content.Size || content.StoredSha256 != content.Sha256))
            return $"{what} is stored as it is, yet with another size or hash";
        return IsHash(content.Sha256) && IsHash(content.StoredSha256) ? null : $"a hash of {what} is not 64 lower-case hex digits";
    }

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}
