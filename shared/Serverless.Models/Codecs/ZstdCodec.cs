using ZstdSharp;

namespace Serverless.Models.Codecs;

/// <summary><see cref="PackageCodecs.Zstd"/>.</summary>
internal sealed class ZstdCodec : IContentCodec
{
    public string Name => PackageCodecs.Zstd;

    public byte[] Encode(ReadOnlySpan<byte> source) => ZstdFrame.Compress(source);

    public void Decode(ReadOnlySpan<byte> stored, Span<byte> destination)
    {
        using var decompressor = new Decompressor();
        ZstdFrame.Decompress(decompressor, stored, destination);
    }
}
