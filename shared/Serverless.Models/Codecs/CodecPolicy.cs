namespace Serverless.Models.Codecs;

/// <summary>Which codecs a push may choose from, and what they must pay for.</summary>
public sealed record CodecPolicy
{
    /// <summary>What may be lost; nothing unless asked for.</summary>
    public LossyCodec Lossy { get; init; }

    /// <summary>
    /// Speed of the link that packages will be loaded over, in MB/s (default 100). A codec is used when it makes transfer and decoding
    /// together faster than the bytes as they are.
    /// </summary>
    public double LinkMegabytesPerSecond { get; init; } = 100;
}
