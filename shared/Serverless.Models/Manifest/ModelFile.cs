namespace Serverless.Models.Manifest;

/// <summary>One file of a package: the graph, or what goes with it such as a vocabulary.</summary>
public sealed record ModelFile : StoredContent
{
    /// <summary>Path in the package, with <c>/</c> between folders; see <see cref="PackagePath"/> for what is allowed.</summary>
    public required string Path { get; init; }
}
