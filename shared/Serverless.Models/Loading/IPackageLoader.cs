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
}
