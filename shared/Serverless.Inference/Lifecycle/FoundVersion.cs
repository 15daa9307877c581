using Serverless.Models.Manifest;

namespace Serverless.Inference.Lifecycle;

/// <summary>A version that is there, or most likely is.</summary>
/// <param name="Manifest">What is known of it.</param>
/// <param name="Published">
/// What the store says: another manifest or none where <paramref name="Manifest"/> was only recalled and is not true any more.
/// </param>
internal sealed record FoundVersion(ModelManifest Manifest, Task<ModelManifest?> Published);
