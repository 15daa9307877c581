using Serverless.Models.Aliases;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Models.Tests;

/// <summary>A store whose reads are counted and can be made to fail.</summary>
internal sealed class WatchedStore(IModelStore inner) : IModelStore
{
    private int _opened;

    public int Opened => _opened;

    /// <summary>Given the number of the read, from 1, what to hand out instead of what is stored.</summary>
    public Func<int, Stream, Stream>? Instead { get; set; }

    public string Location => inner.Location;

    public async Task<Stream?> OpenAsync(ModelManifest manifest, StoredContent content, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _opened);
        var stream = await inner.OpenAsync(manifest, content, cancellationToken);
        return stream is not null && Instead is { } instead ? instead(number, stream) : stream;
    }

    public Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken) => inner.ListModelsAsync(cancellationToken);

    public Task<IReadOnlyList<int>> ListVersionsAsync(string name, CancellationToken cancellationToken) =>
        inner.ListVersionsAsync(name, cancellationToken);

    public Task<ModelManifest?> FindManifestAsync(string name, int version, CancellationToken cancellationToken) =>
        inner.FindManifestAsync(name, version, cancellationToken);

    public Task<ModelAlias?> FindAliasAsync(string name, string alias, CancellationToken cancellationToken) =>
        inner.FindAliasAsync(name, alias, cancellationToken);

    public Task<IReadOnlyList<ModelAlias>> ListAliasesAsync(string name, CancellationToken cancellationToken) =>
        inner.ListAliasesAsync(name, cancellationToken);

    public Task<ModelAlias?> SetAliasAsync(
        string name, string alias, int version, string? expectedETag, CancellationToken cancellationToken) =>
        inner.SetAliasAsync(name, alias, version, expectedETag, cancellationToken);

    public Task<ModelAlias> SetCanaryAsync(string name, string alias, AliasCanary canary, CancellationToken cancellationToken) =>
        inner.SetCanaryAsync(name, alias, canary, cancellationToken);

    public Task<ModelAlias> SetShadowAsync(string name, string alias, AliasShadow? shadow, CancellationToken cancellationToken) =>
        inner.SetShadowAsync(name, alias, shadow, cancellationToken);

    public Task<ModelAlias> PromoteCanaryAsync(string name, string alias, CancellationToken cancellationToken) =>
        inner.PromoteCanaryAsync(name, alias, cancellationToken);

    public Task<ModelAlias> RollBackAliasAsync(string name, string alias, CancellationToken cancellationToken) =>
        inner.RollBackAliasAsync(name, alias, cancellationToken);

    public Task<bool> DeleteVersionAsync(string name, int version, CancellationToken cancellationToken) =>
        inner.DeleteVersionAsync(name, version, cancellationToken);

    public Task<bool> DeleteModelAsync(string name, CancellationToken cancellationToken) => inner.DeleteModelAsync(name, cancellationToken);
}
