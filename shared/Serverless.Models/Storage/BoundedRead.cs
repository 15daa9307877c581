namespace Serverless.Models.Storage;

/// <summary>Reads streams whose length is not known, up to a limit.</summary>
internal static class BoundedRead
{
    /// <exception cref="InvalidDataException">There are more than <paramref name="limit"/> bytes.</exception>
    public static async Task<ReadOnlyMemory<byte>> ToEndAsync(Stream source, int limit, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(limit + 1, 1 << 14)];
        var length = 0;
        while (await source.ReadAsync(buffer.AsMemory(length), cancellationToken) is var read and > 0)
        {
            length += read;
            if (length > limit)
                throw new InvalidDataException($"it is larger than {limit} bytes");
            if (length == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min((long)buffer.Length * 4, limit + 1L));
        }

        return buffer.AsMemory(0, length);
    }
}
