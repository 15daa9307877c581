namespace Serverless.Inference.Lifecycle;

/// <summary>Brings a model version into memory.</summary>
internal interface IModelLoader
{
    /// <returns>The model, or null when the version does not exist.</returns>
    Task<LoadedModel?> LoadAsync(string name, int version, CancellationToken cancellationToken);
}
