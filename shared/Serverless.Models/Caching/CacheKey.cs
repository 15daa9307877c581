using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Serverless.Models.Manifest;

namespace Serverless.Models.Caching;

/// <summary>Names an entry by what is in it: versions whose decoded contents are the same share one.</summary>
internal static class CacheKey
{
    public static string Of(ModelManifest manifest)
    {
        var text = new StringBuilder();
        foreach (var file in manifest.Files.Prepend(manifest.Graph))
            text.Append(CultureInfo.InvariantCulture, $"{file.Path} {file.Size} {file.Sha256}\n");
        foreach (var chunk in manifest.Chunks)
            text.Append(CultureInfo.InvariantCulture, $"{chunk.Offset} {chunk.Size} {chunk.Sha256}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
