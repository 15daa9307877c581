using Serverless.Models.Manifest;

namespace Serverless.Inference.Lifecycle;

/// <summary>Brings a model version into memory.</summary>
internal interface IModelLoader
{
    /// <returns>What is known of the version, or null when it does not exist.</returns>
    Task<ModelManifest?> FindAsync(string name, int version, CancellationToken cancellationToken);

    /// <param name="manifest">The version.</param>
    /// <param name="warmingUp">Called when it is there and runs for the first time.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    Task<LoadedModel> LoadAsync(ModelManifest manifest, Action warmingUp, CancellationToken cancellationToken);
}
