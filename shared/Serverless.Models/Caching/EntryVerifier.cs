using System.Security.Cryptography;
using Serverless.Models.Manifest;
using Serverless.Models.Memory;

namespace Serverless.Models.Caching;

/// <summary>Hashes what lies in an entry.</summary>
internal static class EntryVerifier
{
    public static bool IsWhole(ModelManifest manifest, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files, nint weights)
    {
        if (manifest.Files.Prepend(manifest.Graph).Any(file => !Matches(file, files[file.Path].Span)))
            return false;
        return Parallel.ForEach(manifest.Chunks, (chunk, state) =>
        {
            if (!Matches(chunk, new UnmanagedMemory(weights + (nint)chunk.Offset, (int)chunk.Size).GetSpan()))
                state.Stop();
        }).IsCompleted;
    }

    public static bool Matches(StoredContent content, ReadOnlySpan<byte> decoded) =>
        decoded.Length == content.Size && Convert.ToHexStringLower(SHA256.HashData(decoded)) == content.Sha256;
}
