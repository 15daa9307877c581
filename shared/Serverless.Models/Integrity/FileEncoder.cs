using System.Security.Cryptography;
using ZstdSharp;

namespace Serverless.Models.Integrity;

/// <summary>Compresses a file for the store.</summary>
internal static class FileEncoder
{
    private const int BlockBytes = 1 << 20;

    // Trained weights hardly compress (92.6 % at any level): the fastest level that also takes graphs and vocabularies well.
    private const int Level = 3;

    /// <summary>Writes one Zstandard frame of <paramref name="source"/> to <paramref name="destination"/>.</summary>
    /// <returns>Size and SHA-256 of what was read.</returns>
    public static async Task<(long Size, string Sha256)> EncodeAsync(
        Stream source, Stream destination, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var compressor = new CompressionStream(destination, Level, leaveOpen: true);
        compressor.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        var block = new byte[BlockBytes];
        long size = 0;
        while (await source.ReadAsync(block, cancellationToken) is var read and > 0)
        {
            hash.AppendData(block, 0, read);
            await compressor.WriteAsync(block.AsMemory(0, read), cancellationToken);
            size += read;
            progress?.Report(size);
        }

        return (size, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
