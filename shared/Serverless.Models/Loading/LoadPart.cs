using Serverless.Models.Manifest;

namespace Serverless.Models.Loading;

/// <summary>One content of a version on its way in.</summary>
/// <param name="Manifest">The version.</param>
/// <param name="Content">What is to be read.</param>
/// <param name="Name">What messages call it: <c>chunk 3</c>, <c>file 'vocab.txt'</c>.</param>
internal sealed record LoadPart(ModelManifest Manifest, StoredContent Content, string Name)
{
    public override string ToString() => $"{Manifest.Name}:{Manifest.Version}, {Name}";

    public static LoadPart File(ModelManifest manifest, ModelFile file) => new(manifest, file, $"file '{file.Path}'");

    public static LoadPart Chunk(ModelManifest manifest, int index) => new(manifest, manifest.Chunks[index], $"chunk {index}");
}
