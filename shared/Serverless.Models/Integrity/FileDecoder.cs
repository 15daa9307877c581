using System.Security.Cryptography;
using Serverless.Models.Manifest;
using ZstdSharp;

namespace Serverless.Models.Integrity;

/// <summary>Decodes a stored file while checking it against the manifest.</summary>
public static class FileDecoder
{
    private const int BlockBytes = 1 << 20;

    /// <summary>
    /// Copies what <paramref name="stored"/> decodes to into <paramref name="destination"/>. Never writes more than the declared size,
    /// whatever the stored bytes would expand to.
    /// </summary>
    /// <exception cref="ModelIntegrityException">The bytes do not decode, or their size or hash is not the declared one.</exception>
    public static async Task DecodeAsync(ModelFile file, Stream stored, Stream destination, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var decoded = file.Codec == FileCodecs.Zstd ? new DecompressionStream(stored, leaveOpen: true) : stored;
        var block = new byte[BlockBytes];
        long written = 0;
        try
        {
            while (await ReadBlockAsync(file, decoded, block, cancellationToken) is var read and > 0)
            {
                if (read > file.Size - written)
                    throw new ModelIntegrityException($"File '{file.Path}' decodes to more than the declared {file.Size} bytes.");
                hash.AppendData(block, 0, read);
                await destination.WriteAsync(block.AsMemory(0, read), cancellationToken);
                written += read;
            }
        }
        finally
        {
            if (decoded != stored)
                await decoded.DisposeAsync();
        }

        Verify(file, written, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    // The codec reports damage by its own exception types; a failing store or a cancelled load must stay what they are.
    private static async ValueTask<int> ReadBlockAsync(ModelFile file, Stream decoded, byte[] block, CancellationToken cancellationToken)
    {
        try
        {
            return await decoded.ReadAsync(block, cancellationToken);
        }
        catch (Exception error) when (error is ZstdException or EndOfStreamException or InvalidDataException)
        {
            throw new ModelIntegrityException(
                $"File '{file.Path}' cannot be decoded (expected SHA-256 {file.Sha256}): {error.Message}", error);
        }
    }

    private static void Verify(ModelFile file, long size, string sha256)
    {
        if (sha256 != file.Sha256)
        {
            throw new ModelIntegrityException(
                $"File '{file.Path}' does not match its manifest: expected SHA-256 {file.Sha256} of {file.Size} bytes, "
                + $"found {sha256} of {size} bytes.");
        }
    }
}
