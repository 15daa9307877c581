using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Models.Publishing;

/// <summary>
/// Publishes models: contents first, under their hashes, the manifest last. A process that dies on the way leaves objects that nothing
/// names and that a retry finds; two that publish at once get two numbers.
/// </summary>
public sealed class ModelPublisher
{
    private readonly ModelStore _store;

    /// <summary>A publisher to <paramref name="store"/>, one that <see cref="ModelStores"/> opened.</summary>
    public ModelPublisher(IModelStore store)
    {
        _store = store as ModelStore
            ?? throw new ArgumentException("Only stores opened by ModelStores can be published to.", nameof(store));
    }

    /// <summary>Publishes <paramref name="draft"/> as the next version of its model.</summary>
    /// <returns>The manifest as published.</returns>
    /// <exception cref="ArgumentException">The draft breaks a rule; nothing was published.</exception>
    public Task<ModelManifest> PublishAsync(
        PackageDraft draft, IProgress<PublishProgress>? progress = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{_store.Location}: contract only.");
}
