using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Serverless.Models.Manifest;

/// <summary>A manifest vouches for everything it names; this vouches for the manifest.</summary>
internal static class ManifestDigest
{
    private const int Digits = 64;
    private static readonly string Blank = new('0', Digits);

    /// <summary>The manifest's bytes with its digest in them.</summary>
    public static byte[] Seal(ModelManifest manifest)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(manifest with { Digest = Blank }, ManifestJson.Default.ModelManifest);
        var digest = Convert.ToHexStringLower(SHA256.HashData(json));
        Encoding.ASCII.GetBytes(digest, Place(json, Blank));
        return json;
    }

    /// <summary>The digest that the bytes should carry, given the one they do.</summary>
    public static string Compute(ReadOnlySpan<byte> json, string digest)
    {
        var blanked = json.ToArray();
        if (digest.Length == Digits && Place(blanked, digest) is { IsEmpty: false } place)
            Encoding.ASCII.GetBytes(Blank, place);
        return Convert.ToHexStringLower(SHA256.HashData(blanked));
    }

    // The digest is the first property, so its first occurrence is its own.
    private static Span<byte> Place(Span<byte> json, string digest)
    {
        var at = json.IndexOf(Encoding.ASCII.GetBytes(digest));
        return at < 0 ? [] : json.Slice(at, Digits);
    }
}
