using Serverless.Models.Integrity;
using Serverless.Models.Manifest;

namespace Serverless.Models.Storage;

/// <summary>
/// Published models. Versions are whole numbers from 1 and never change; a number is never used twice, not even after a deletion.
/// </summary>
public interface IModelStore
{
    /// <summary>Where the models lie, for messages.</summary>
    string Location { get; }

    /// <summary>Names of the models that have a version, sorted.</summary>
    Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken);

    /// <summary>Versions of a model, newest first; none when the model does not exist.</summary>
    Task<IReadOnlyList<int>> ListVersionsAsync(string name, CancellationToken cancellationToken);

    /// <summary>The manifest of a version, or null when it does not exist.</summary>
    /// <exception cref="ModelIntegrityException">It exists but is not valid.</exception>
    Task<ModelManifest?> FindManifestAsync(string name, int version, CancellationToken cancellationToken);

    /// <summary>Writes the decoded and verified bytes of a file to <paramref name="destination"/>.</summary>
    /// <returns>How long it waited for the stored bytes; the rest of the call was decoding, hashing and writing.</returns>
    /// <exception cref="ModelIntegrityException">What is stored is missing or not what was published.</exception>
    Task<TimeSpan> CopyFileAsync(ModelManifest manifest, ModelFile file, Stream destination, CancellationToken cancellationToken);

    /// <summary>Deletes one version and the files that no other version uses.</summary>
    /// <returns>False when it does not exist.</returns>
    Task<bool> DeleteVersionAsync(string name, int version, CancellationToken cancellationToken);

    /// <summary>Deletes a model with all its versions.</summary>
    /// <returns>False when it does not exist.</returns>
    Task<bool> DeleteModelAsync(string name, CancellationToken cancellationToken);
}
