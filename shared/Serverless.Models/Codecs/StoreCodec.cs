namespace Serverless.Models.Codecs;

/// <summary><see cref="PackageCodecs.Store"/>.</summary>
internal sealed class StoreCodec : IContentCodec
{
    public string Name => PackageCodecs.Store;

    public byte[] Encode(ReadOnlySpan<byte> source) => source.ToArray();

    public void Decode(ReadOnlySpan<byte> stored, Span<byte> destination)
    {
        if (stored.Length != destination.Length)
            throw new InvalidDataException($"{stored.Length} bytes are stored where {destination.Length} are declared");
        stored.CopyTo(destination);
    }
}
