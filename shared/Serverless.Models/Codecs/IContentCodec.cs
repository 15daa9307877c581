namespace Serverless.Models.Codecs;

/// <summary>One way to store bytes.</summary>
internal interface IContentCodec
{
    /// <summary>Its name in manifests, one of <see cref="PackageCodecs"/>.</summary>
    string Name { get; }

    /// <summary>What to store, or null when these bytes cannot be stored this way.</summary>
    byte[]? Encode(ReadOnlySpan<byte> source);

    /// <summary>
    /// Whether the stored bytes may be the last ones of the destination itself: then nothing else need hold them while they arrive.
    /// </summary>
    bool DecodesInPlace => false;

    /// <summary>Fills <paramref name="destination"/>, and never writes beyond it, whatever <paramref name="stored"/> holds.</summary>
    /// <exception cref="InvalidDataException">They do not decode to exactly that many bytes.</exception>
    void Decode(ReadOnlySpan<byte> stored, Span<byte> destination);
}
