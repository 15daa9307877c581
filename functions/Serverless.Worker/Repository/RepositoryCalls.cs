using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Lifecycle;
using Serverless.Models.Catalog;
using Serverless.Worker.Serving;

namespace Serverless.Worker.Repository;

/// <summary>The model repository extension, whatever it is called over.</summary>
internal sealed class RepositoryCalls(ModelCatalog catalog, ModelRegistry registry, ModelCalls calls)
{
    /// <summary>Every version in the store and where it stands in this worker.</summary>
    public async Task<IReadOnlyList<RepositoryRow>> ListAsync(bool readyOnly, CancellationToken cancellationToken)
    {
        var known = registry.Status.ToDictionary(status => (status.Name, status.Version));
        var rows = new List<RepositoryRow>();
        foreach (var name in await catalog.GetModelsAsync(cancellationToken))
        {
            foreach (var version in (await catalog.GetVersionsAsync(name, cancellationToken)).Order())
            {
                var row = RepositoryRow.Of(name, version, known.GetValueOrDefault((name, version)));
                if (!readyOnly || row.IsReady)
                    rows.Add(row);
            }
        }

        return rows;
    }

    /// <summary>Loads a model; it is ready when this returns.</summary>
    public Task LoadAsync(HttpContext context, string model) => calls.LoadAsync(context, ModelReference.Parse(model));

    /// <summary>Unloads a model; requests in it finish first, and this does not wait for them.</summary>
    /// <exception cref="InferenceException">It does not exist.</exception>
    public async Task UnloadAsync(string model, CancellationToken cancellationToken)
    {
        var reference = ModelReference.Parse(model);
        // That a model is not in memory is what the caller wants; that there is none of that name is a mistake.
        if (!registry.Unload(reference) && (await catalog.GetVersionsAsync(reference.Name, cancellationToken)).Count == 0)
            throw new InferenceException(ErrorKind.ModelNotFound, $"Model '{reference}' does not exist.", "model");
    }
}
