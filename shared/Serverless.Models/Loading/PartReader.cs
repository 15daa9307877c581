using System.Security.Cryptography;
using Serverless.Models.Integrity;
using Serverless.Models.Storage;

namespace Serverless.Models.Loading;

/// <summary>Reads stored bytes and verifies them while they arrive; a read that breaks off is tried again by itself.</summary>
internal sealed class PartReader(IModelStore store, TimeProvider time)
{
    private const int Attempts = 4;

    // Hashing follows close behind the socket, while the bytes are in the second-level cache.
    private const int PieceBytes = 512 << 10;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>Fills <paramref name="destination"/>, which has the declared stored size.</summary>
    /// <exception cref="ModelIntegrityException">What is stored is missing, or has another size or hash.</exception>
    /// <exception cref="ModelReadException">The store could not be read, several times.</exception>
    public async Task ReadAsync(LoadPart part, Memory<byte> destination, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryReadAsync(part, destination, cancellationToken);
                return;
            }
            catch (Exception error) when (error is not ModelIntegrityException && !cancellationToken.IsCancellationRequested)
            {
                if (attempt == Attempts)
                    throw new ModelReadException($"{part} cannot be read from {store.Location}: {error.Message}", error);
            }

            await Task.Delay(FirstDelay * (1 << (attempt - 1)), time, cancellationToken);
        }
    }

    private async Task TryReadAsync(LoadPart part, Memory<byte> destination, CancellationToken cancellationToken)
    {
        await using var stored = await store.OpenAsync(part.Manifest, part.Content, cancellationToken)
            ?? throw new ModelIntegrityException(
                $"{part} is missing from {store.Location} (expected SHA-256 {part.Content.StoredSha256}).");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var done = 0;
        while (done < destination.Length)
        {
            var piece = destination.Slice(done, Math.Min(PieceBytes, destination.Length - done));
            var read = await stored.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, cancellationToken);
            hash.AppendData(piece.Span[..read]);
            done += read;
            if (read < piece.Length)
                break;
        }

        if (done < destination.Length)
            throw Mismatch(part, $"{done} bytes", Convert.ToHexStringLower(hash.GetHashAndReset()));
        // Reading to the end also lets the connection be used again.
        if (await stored.ReadAsync(new byte[1], cancellationToken) > 0)
            throw Mismatch(part, $"more than {done} bytes", null);
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) is var found && found != part.Content.StoredSha256)
            throw Mismatch(part, $"{done} bytes", found);
    }

    private static ModelIntegrityException Mismatch(LoadPart part, string size, string? found) => new(
        $"{part} is not what was published: expected SHA-256 {part.Content.StoredSha256} of {part.Content.StoredSize} stored bytes, "
        + $"found {(found is null ? "" : $"{found} of ")}{size}.");
}
