using Serverless.Contracts.Models;
using Serverless.Models.Integrity;
using Serverless.Models.Manifest;

namespace Serverless.Models.Loading;

/// <summary>Brings published models onto this machine.</summary>
public interface IPackageLoader
{
    /// <summary>Loads a version from the local cache, or from the store while decoding and verifying it.</summary>
    /// <param name="manifest">The version.</param>
    /// <param name="place">Where the weights are needed.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    /// <exception cref="ModelIntegrityException">What is stored is missing or not what was published; the message names it.</exception>
    Task<LoadedPackage> LoadAsync(ModelManifest manifest, WeightsPlace place, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="LoadAsync"/>, but already ends when a session can be built, while the rest comes in
    /// (<see cref="LoadedPackage.Arrival"/>).
    /// </summary>
    /// <param name="manifest">The version.</param>
    /// <param name="place">Where the weights are needed; a file is always waited for.</param>
    /// <param name="cancellationToken">Stops the load, the rest of it as well.</param>
    /// <exception cref="ModelIntegrityException">What is stored is missing or not what was published; the message names it.</exception>
    Task<LoadedPackage> BeginAsync(ModelManifest manifest, WeightsPlace place, CancellationToken cancellationToken);

    /// <summary>
    /// The manifest of a version as it was when it was last loaded on this machine; null when nothing is kept here. The store has the last
    /// word: the version may be gone.
    /// </summary>
    ModelManifest? Recall(string name, int version);

    /// <summary>Makes <see cref="Recall(string, int)"/> answer null again: the store says that the version is gone.</summary>
    void Forget(string name, int version);

    /// <summary>
    /// The version that a name or an alias stood for when it was last served on this machine; null when it never was, or the version's package
    /// is not kept here. The store has the last word here as well.
    /// </summary>
    int? Recall(ModelReference reference);

    /// <summary>Has <see cref="Recall(ModelReference)"/> answer <paramref name="version"/>, in later processes too.</summary>
    void Keep(ModelReference reference, int version);

    /// <summary>Makes <see cref="Recall(ModelReference)"/> answer null again: the store knows no such name.</summary>
    void Forget(ModelReference reference);
}
