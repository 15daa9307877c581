using ZstdSharp;

namespace Serverless.Models.Codecs;

/// <summary>Single Zstandard frames in memory.</summary>
internal static class ZstdFrame
{
    // Trained weights hardly compress (92.6 % at any level): the fastest level that also takes graphs and vocabularies well.
    private const int Level = 3;

    public static byte[] Compress(ReadOnlySpan<byte> source)
    {
        using var compressor = new Compressor(Level);
        return compressor.Wrap(source).ToArray();
    }

    /// <exception cref="InvalidDataException">The frame is damaged, or does not decode to exactly the destination's size.</exception>
    public static void Decompress(Decompressor decompressor, ReadOnlySpan<byte> frame, Span<byte> destination)
    {
        int written;
        try
        {
            written = decompressor.Unwrap(frame, destination);
        }
        catch (ZstdException error)
        {
            throw new InvalidDataException($"the Zstandard frame does not decode to {destination.Length} bytes: {error.Message}", error);
        }

        if (written != destination.Length)
            throw new InvalidDataException($"the Zstandard frame decodes to {written} bytes where {destination.Length} are declared");
    }
}
