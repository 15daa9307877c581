using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Models.Aliases;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Cli.Models;

/// <summary>Finds the version that a person names: the newest, or one by its number or alias.</summary>
internal static class VersionLookup
{
    /// <exception cref="InferenceException">There is none.</exception>
    public static async Task<ModelManifest> FindAsync(IModelStore store, string text, CancellationToken cancellationToken)
    {
        var model = ModelReference.Parse(text);
        return await store.FindManifestAsync(model.Name, await NumberAsync(store, model, cancellationToken), cancellationToken)
            ?? throw new InferenceException(ErrorKind.ModelNotFound, $"There is no model '{model}' in {store.Location}.", "model");
    }

    private static async Task<int> NumberAsync(IModelStore store, ModelReference model, CancellationToken cancellationToken)
    {
        if (model.Alias is null or AliasNames.Latest)
            return model.Version ?? (await store.ListVersionsAsync(model.Name, cancellationToken) is [var newest, ..] ? newest : 0);
        return (await store.FindAliasAsync(model.Name, model.Alias, cancellationToken))?.Version
            ?? throw new InferenceException(ErrorKind.ModelNotFound, $"Model '{model.Name}' has no alias '{model.Alias}'.", "model");
    }
}
