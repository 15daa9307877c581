namespace Serverless.Models.Manifest;

/// <summary>Bytes that lie in the store as an object of their own, named by the hash of what is stored.</summary>
public abstract record StoredContent
{
    /// <summary>Size in bytes once decoded.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 of the decoded bytes, 64 lower-case hex digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>How it is stored: one of <see cref="Codecs.PackageCodecs"/>.</summary>
    public required string Codec { get; init; }

    /// <summary>Size in bytes as stored.</summary>
    public required long StoredSize { get; init; }

    /// <summary>SHA-256 of the stored bytes, 64 lower-case hex digits: what a load verifies, and the object's name.</summary>
    public required string StoredSha256 { get; init; }
}
