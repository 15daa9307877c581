using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Lifecycle;
using Serverless.Models.Catalog;
using Serverless.Worker.OpenInference;

namespace Serverless.Worker.Statistics;

/// <summary>The statistics extension, whatever it is called over. Asking loads nothing: a model that is not in memory has none.</summary>
internal sealed class StatisticsCalls(ModelRegistry registry, ModelCatalog catalog)
{
    /// <summary>Statistics of every version in memory that the arguments name; all of them when they name nothing.</summary>
    /// <exception cref="InferenceException">There is no such model.</exception>
    public async Task<IReadOnlyList<ModelRow>> ListAsync(string? name, string? version, CancellationToken cancellationToken)
    {
        var rows = registry.Statistics
            .Select(row => new ModelRow(row.Name, row.Version, row.Statistics))
            .OrderBy(row => row.Name, StringComparer.Ordinal).ThenBy(row => row.Version).ToList();
        if (name is null)
            return rows;
        var reference = ModelPath.Reference(name, version);
        if (reference.Alias is not null)
            throw new InferenceException(ErrorKind.NotImplemented, "Statistics are kept by version, not by alias; ask for the version.", "model");
        var found = rows.Where(row => row.Name == reference.Name && (reference.Version is null || row.Version == reference.Version)).ToList();
        return found.Count > 0 || await ExistsAsync(reference, cancellationToken)
            ? found
            : throw new InferenceException(ErrorKind.ModelNotFound, $"Model '{reference}' does not exist.", "model");
    }

    private async Task<bool> ExistsAsync(ModelReference reference, CancellationToken cancellationToken)
    {
        var versions = await catalog.GetVersionsAsync(reference.Name, cancellationToken);
        return reference.Version is { } version ? versions.Contains(version) : versions.Count > 0;
    }
}
