using Serverless.Models.Aliases;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Inference.Tests;

/// <summary>A store whose reads are counted and can be held up.</summary>
internal sealed class WatchedStore(IModelStore inner) : IModelStore
{
    private int _copies;

    public int Copies => _copies;

    /// <summary>Completes when a file is about to be read.</summary>
    public TaskCompletionSource CopyStarted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Files are read once this is completed.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>Which contents the gate is for; all unless said.</summary>
    public Predicate<StoredContent> Gated { get; set; } = static _ => true;

    /// <summary>Manifests are read once this is completed.</summary>
    public TaskCompletionSource? ManifestGate { get; set; }

    /// <summary>Versions are listed once this is completed.</summary>
    public TaskCompletionSource? ListGate { get; set; }

    public string Location => inner.Location;

    public async Task<IReadOnlyList<int>> ListVersionsAsync(string name, CancellationToken cancellationToken)
    {
        if (ListGate is { } gate)
            await gate.Task.WaitAsync(cancellationToken);
        return await inner.ListVersionsAsync(name, cancellationToken);
    }

    public Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken) => inner.ListModelsAsync(cancellationToken);

    public async Task<ModelManifest?> FindManifestAsync(string name, int version, CancellationToken cancellationToken)
    {
        if (ManifestGate is { } gate)
            await gate.Task.WaitAsync(cancellationToken);
        return await inner.FindManifestAsync(name, version, cancellationToken);
    }

    public async Task<Stream?> OpenAsync(ModelManifest manifest, StoredContent content, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _copies);
        CopyStarted.TrySetResult();
        if (Gate is { } gate && Gated(content))
            await gate.Task.WaitAsync(cancellationToken);
        return await inner.OpenAsync(manifest, content, cancellationToken);
    }

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
