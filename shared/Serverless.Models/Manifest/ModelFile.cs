namespace Serverless.Models.Manifest;

/// <summary>One file of a package. Its bytes lie in the store under their hash, so that versions share what they have in common.</summary>
public sealed record ModelFile
{
    /// <summary>Path in the package, with <c>/</c> between folders; see <see cref="PackagePath"/> for what is allowed.</summary>
    public required string Path { get; init; }

    /// <summary>Size in bytes once decoded.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 of the decoded bytes, 64 lower-case hex digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>How it is stored: one of <see cref="FileCodecs"/>.</summary>
    public required string Codec { get; init; }

    /// <summary>Size in bytes as stored.</summary>
    public required long StoredSize { get; init; }

    /// <summary>Whether this is the ONNX graph.</summary>
    internal bool IsGraph => Path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);
}
