using Serverless.Contracts.Models;
using Serverless.Models.Catalog;
using Serverless.Models.Storage;

namespace Serverless.Gateway.Batches.Validation;

/// <summary>Looks in the model store, which wakes no worker.</summary>
internal sealed class StoreModelCheck(IModelStore store, ModelCatalog catalog) : IModelCheck
{
    public async Task<bool> ExistsAsync(ModelReference model, CancellationToken cancellationToken)
    {
        if (model.Alias is { } alias)
            return await store.FindAliasAsync(model.Name, alias, cancellationToken) is not null;
        var versions = await catalog.GetVersionsAsync(model.Name, cancellationToken);
        return model.Version is { } version ? versions.Contains(version) : versions.Count > 0;
    }
}
