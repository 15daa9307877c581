namespace Serverless.Models.Manifest;

/// <summary>A run of a version's weights. Chunks follow each other without gaps.</summary>
public sealed record WeightChunk : StoredContent
{
    /// <summary>Where it begins in the weights, a multiple of <see cref="WeightTensor.Alignment"/>.</summary>
    public required long Offset { get; init; }

    /// <summary>For a lossy codec how far decoded values are from those that were pushed; otherwise null.</summary>
    public CodecError? Error { get; init; }
}
