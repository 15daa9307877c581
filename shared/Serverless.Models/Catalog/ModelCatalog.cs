using System.Collections.Concurrent;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Models.Integrity;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Models.Catalog;

/// <summary>
/// Reads a store on behalf of many requests: lists are kept for a few seconds and read once however many ask; manifests never change and
/// are kept.
/// </summary>
public sealed class ModelCatalog(IModelStore store, TimeProvider time)
{
    /// <summary>How old a list may be.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(3);

    // Names come from strangers: beyond this many, what is kept is thrown away rather than grown.
    private const int MaxKept = 4096;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Kept<IReadOnlyList<int>>> _versions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Name, int Version), ModelManifest> _manifests = new();
    private readonly Lock _modelsLock = new();
    private Kept<IReadOnlyList<string>>? _models;

    /// <summary>Names of the models that have a version.</summary>
    /// <exception cref="InferenceException">The store cannot be read now.</exception>
    public Task<IReadOnlyList<string>> GetModelsAsync(CancellationToken cancellationToken)
    {
        lock (_modelsLock)
        {
            if (_models is null || !_models.IsFresh(time))
                _models = new Kept<IReadOnlyList<string>>(AskAsync(store.ListModelsAsync(CancellationToken.None)), time.GetTimestamp());
            return _models.Value.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Versions of a model, newest first; none when it does not exist.</summary>
    /// <exception cref="InferenceException">The store cannot be read now.</exception>
    public Task<IReadOnlyList<int>> GetVersionsAsync(string name, CancellationToken cancellationToken)
    {
        if (_versions.Count > MaxKept)
            _versions.Clear();
        // The read belongs to everybody who waits for it, so one caller's leaving must not cancel it.
        // That a model does not exist is not kept: it may be pushed the moment after somebody asked.
        var kept = _versions.AddOrUpdate(name, Read, (key, old) => old.IsFresh(time) && !IsKnownEmpty(old) ? old : Read(key));
        return kept.Value.WaitAsync(cancellationToken);

        static bool IsKnownEmpty(Kept<IReadOnlyList<int>> kept) => kept.Value is { IsCompletedSuccessfully: true, Result.Count: 0 };
        Kept<IReadOnlyList<int>> Read(string key) =>
            new(AskAsync(store.ListVersionsAsync(key, CancellationToken.None)), time.GetTimestamp());
    }

    /// <summary>The manifest of a version, or null when it does not exist.</summary>
    /// <exception cref="ModelIntegrityException">It exists but is not valid.</exception>
    /// <exception cref="InferenceException">The store cannot be read now.</exception>
    public async Task<ModelManifest?> FindManifestAsync(string name, int version, CancellationToken cancellationToken)
    {
        if (_manifests.TryGetValue((name, version), out var kept))
            return kept;
        var manifest = await AskAsync(store.FindManifestAsync(name, version, cancellationToken));
        if (manifest is not null)
        {
            if (_manifests.Count > MaxKept)
                _manifests.Clear();
            _manifests[(name, version)] = manifest;
        }

        return manifest;
    }

    /// <summary>The newest version of a model whose manifest can be read, or null.</summary>
    public async Task<ModelManifest?> FindNewestAsync(string name, CancellationToken cancellationToken)
    {
        foreach (var version in await GetVersionsAsync(name, cancellationToken))
        {
            try
            {
                if (await FindManifestAsync(name, version, cancellationToken) is { } manifest)
                    return manifest;
            }
            catch (ModelIntegrityException)
            {
                // A broken version must not hide those before it.
            }
        }

        return null;
    }

    /// <summary>
    /// The manifest of the version that <paramref name="model"/> names: by its number or alias, else the newest. An alias is looked up each time.
    /// </summary>
    /// <exception cref="InferenceException">It does not exist, or the store cannot be read now.</exception>
    public async Task<ModelManifest> GetAsync(ModelReference model, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        var version = model switch
        {
            { Version: { } number } => (int?)number,
            { Alias: null or "latest" } => null,
            { Alias: { } alias } => (await AskAsync(store.FindAliasAsync(model.Name, alias, cancellationToken)))?.Version ?? throw Missing(model),
        };
        var manifest = version is { } known
            ? await FindManifestAsync(model.Name, known, cancellationToken)
            : await FindNewestAsync(model.Name, cancellationToken);
        return manifest ?? throw Missing(model);
    }

    private static InferenceException Missing(ModelReference model) => new(ErrorKind.ModelNotFound, $"Model '{model}' does not exist.", "model");

    // Stores fail in their own ways (a socket, a status, a disk); callers need to know one thing: that it may work later.
    private static async Task<T> AskAsync<T>(Task<T> answer)
    {
        try
        {
            return await answer;
        }
        catch (Exception error) when (error is not (ModelIntegrityException or OperationCanceledException))
        {
            throw new InferenceException(
                new InferenceError(ErrorKind.ModelUnavailable, "The model store cannot be read.", null, RetryAfter), error);
        }
    }

    private sealed record Kept<T>(Task<T> Value, long At)
    {
        public bool IsFresh(TimeProvider time) =>
            !Value.IsFaulted && !Value.IsCanceled && (!Value.IsCompleted || time.GetElapsedTime(At) < FreshFor);
    }
}
