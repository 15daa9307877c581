namespace Serverless.Inference.Lifecycle;

/// <summary>Brings a model version into memory.</summary>
internal interface IModelLoader
{
    /// <returns>What is known of the version, or null when it does not exist.</returns>
    Task<FoundVersion?> FindAsync(string name, int version, CancellationToken cancellationToken);

    /// <param name="found">The version.</param>
    /// <param name="warmingUp">Called when it is there and runs for the first time.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    /// <returns>The model, or null when the store says that the version does not exist any more.</returns>
    Task<LoadedModel?> LoadAsync(FoundVersion found, Action warmingUp, CancellationToken cancellationToken);
}
