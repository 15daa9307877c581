using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Diagnostics;
using Serverless.Models.Storage;

namespace Serverless.Inference.Lifecycle;

/// <summary>The models of this process: loaded on first use, followed to newer versions, unloaded to make room.</summary>
public sealed class ModelRegistry : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Name, int Version), VersionSlot> _versions = new();
    private readonly ConcurrentDictionary<string, NewestSlot> _newest = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _roomGate = new();
    private readonly IModelStore _store;
    private readonly RegistryServices _services;
    private bool _disposed;

    internal ModelRegistry(
        IModelStore store, IModelLoader loader, IOptions<InferenceOptions> options, InferenceMetrics metrics, RegistryClock clock)
    {
        _store = store;
        _services = new RegistryServices(loader, options.Value, metrics, clock.Time, clock.Logger)
        {
            Stopping = _stopping.Token,
            MakeRoom = MakeRoom,
        };
    }

    /// <summary>The model that <paramref name="reference"/> names, loaded if need be. Cancelling ends the wait, not the load.</summary>
    /// <exception cref="InferenceException">It does not exist, or cannot be served now.</exception>
    public async Task<ModelLease> AcquireAsync(ModelReference reference, CancellationToken cancellationToken)
    {
        if (reference.Alias is not null)
            throw new InferenceException(ErrorKind.ModelNotFound, $"Model '{reference.Name}' has no alias '{reference.Alias}'.", "model");
        return reference.Version is { } version
            ? await AcquireVersionAsync(reference.Name, version, cancellationToken)
            : await AcquireNewestAsync(reference.Name, cancellationToken);
    }

    /// <summary>Whether the model that <paramref name="reference"/> names is in memory.</summary>
    internal bool IsLoaded(ModelReference reference) => _versions.Any(entry =>
        entry.Key.Name == reference.Name
        && (reference.Version is null || entry.Key.Version == reference.Version)
        && entry.Value.Loaded is not null);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        await _stopping.CancelAsync();
        var gone = _versions.Values.Select(slot => slot.Loaded?.Gone ?? Task.CompletedTask).ToArray();
        foreach (var slot in _versions.Values)
            slot.Unload();
        await Task.WhenAll(gone).WaitAsync(TimeSpan.FromSeconds(10), _services.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task<ModelLease> AcquireVersionAsync(string name, int version, CancellationToken cancellationToken)
    {
        try
        {
            return new ModelLease(await SlotOf(name, version).HoldAsync(cancellationToken), failed: null);
        }
        catch (InferenceException error) when (error.Error.Kind == ErrorKind.ModelNotFound)
        {
            // Numbers come from strangers: keep none that name nothing.
            _versions.TryRemove((name, version), out _);
            throw;
        }
    }

    private async Task<ModelLease> AcquireNewestAsync(string name, CancellationToken cancellationToken)
    {
        var slot = _newest.GetOrAdd(name, key => new NewestSlot(key, version => SlotOf(key, version), _store, _services));
        try
        {
            var model = await slot.HoldAsync(cancellationToken);
            return new ModelLease(model, slot.Failed);
        }
        catch (InferenceException error) when (error.Error.Kind == ErrorKind.ModelNotFound)
        {
            _newest.TryRemove(name, out _);
            throw;
        }
    }

    private VersionSlot SlotOf(string name, int version) =>
        _versions.GetOrAdd((name, version), key => new VersionSlot(key.Name, key.Version, _services));

    private void MakeRoom(VersionSlot newcomer)
    {
        lock (_roomGate)
        {
            var others = _versions.Values.Where(slot => slot != newcomer && slot.TakesRoom).ToList();
            var excess = others.Count + 1 - _services.Options.MaxLoadedModels;
            if (excess <= 0)
                return;
            var idle = others.Where(slot => slot.Loaded is { IsInUse: false }).OrderBy(slot => slot.LastUsed).Take(excess).ToList();
            if (idle.Count < excess)
            {
                throw new InferenceException(
                    ErrorKind.ModelUnavailable,
                    $"The worker holds {_services.Options.MaxLoadedModels} models, all in use: there is no room for {newcomer.Name}.");
            }

            idle.ForEach(slot => slot.Unload());
        }
    }
}
