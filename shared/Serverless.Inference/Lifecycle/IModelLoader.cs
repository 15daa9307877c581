using Serverless.Contracts.Models;

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

    /// <returns>The version that <paramref name="reference"/> stood for when it was last served on this machine, if it was.</returns>
    int? Recall(ModelReference reference);

    /// <summary>Keeps which version <paramref name="reference"/> stands for; null for none any more.</summary>
    void Keep(ModelReference reference, int? version);
}
