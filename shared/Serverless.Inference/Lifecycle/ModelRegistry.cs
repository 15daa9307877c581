using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Diagnostics;
using Serverless.Inference.Execution;
using Serverless.Inference.Execution.Statistics;
using Serverless.Inference.Onnx;
using Serverless.Inference.Shadowing;
using Serverless.Inference.Staging;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Inference.Lifecycle;

/// <summary>The models of this process: loaded on first use, followed to newer versions, unloaded to make room.</summary>
public sealed class ModelRegistry : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Name, int Version), VersionSlot> _versions = new();
    private readonly ConcurrentDictionary<ModelReference, FollowingSlot> _followed = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly IModelStore _store;
    private readonly RegistryServices _services;
    private bool _disposed;

    internal ModelRegistry(
        IModelStore store,
        IModelLoader loader,
        IOptions<InferenceOptions> options,
        ExecutionProviderChoice provider,
        InferenceMetrics metrics,
        RegistryClock clock)
    {
        _store = store;
        _services = new RegistryServices(loader, options.Value, metrics, clock.Time, clock.Logger)
        {
            Stopping = _stopping.Token,
            Room = new MemoryRoom(options.Value, metrics, clock.Time),
            StageOf = FindStage,
            Changes = new ServingChanges(options.Value.Serving.For(provider.Provider)),
            Shadows = new ShadowRuns(metrics, clock.Time, _stopping.Token),
        };
    }

    /// <summary>The stages of models that other workers serve; null when this process serves all.</summary>
    internal IStageWorkers? StageWorkers { get; init; }

    /// <summary>Every version that this process has had to do with, and where it stands.</summary>
    public IReadOnlyList<ModelStatus> Status => [.. _versions.Values.Select(slot => slot.Status)];

    /// <summary>What every version in memory has done since it was loaded. Looking counts as no use of it.</summary>
    public IReadOnlyList<(string Name, int Version, ModelStatistics Statistics)> Statistics =>
    [
        .. _versions.Values.Select(slot => (slot.Name, slot.Version, Model: slot.Loaded))
            .Where(row => row.Model is not null)
            .Select(row => (row.Name, row.Version, row.Model!.Instance.Statistics)),
    ];

    /// <summary>What came of the versions that ran in the shadow of others since the process started.</summary>
    public IEnumerable<ShadowReport> Shadows => _services.Shadows.Reports;

    /// <summary>The model that <paramref name="reference"/> names if it is in memory, at once; null where there is a wait.</summary>
    /// <param name="reference">The model.</param>
    /// <param name="slice">Which of an alias' versions is to answer; null for the one that it points to.</param>
    public ModelLease? TryAcquire(ModelReference reference, TrafficSlice? slice = null)
    {
        if (reference.Version is { } version)
            return _versions.TryGetValue((reference.Name, version), out var slot) && slot.TryHold() is { } model ? new(model, failed: null) : null;
        return _followed.TryGetValue(reference, out var followed) ? followed.TryHold(slice) : null;
    }

    /// <summary>The model that <paramref name="reference"/> names, loaded if need be. Cancelling ends the wait, not the load.</summary>
    /// <exception cref="InferenceException">It does not exist, or cannot be served now.</exception>
    public Task<ModelLease> AcquireAsync(ModelReference reference, CancellationToken cancellationToken) =>
        AcquireAsync(reference, slice: null, cancellationToken);

    /// <summary>The same, of an alias the version that answers <paramref name="slice"/>.</summary>
    /// <exception cref="InferenceException">It does not exist, or cannot be served now.</exception>
    public Task<ModelLease> AcquireAsync(ModelReference reference, TrafficSlice? slice, CancellationToken cancellationToken) =>
        reference.Version is { } version
            ? AcquireVersionAsync(reference.Name, version, cancellationToken)
            : AcquireFollowedAsync(reference, slice, cancellationToken);

    /// <summary>Loads the model that <paramref name="reference"/> names now, and not when the next request asks for it.</summary>
    /// <exception cref="InferenceException">It does not exist, or cannot be served now.</exception>
    public async Task LoadAsync(ModelReference reference, CancellationToken cancellationToken)
    {
        if (reference.Version is null && _followed.TryGetValue(reference, out var known))
            await known.RefreshAsync(cancellationToken);
        using var lease = await AcquireAsync(reference, cancellationToken);
        if (reference.Version is null && _followed.TryGetValue(reference, out var followed))
            await followed.SettledAsync(cancellationToken);
        foreach (var stage in lease.LocalStages)
            await LoadAsync(stage, cancellationToken);
    }

    /// <summary>
    /// Unloads what <paramref name="reference"/> names: a version, what an alias stands for, or every version of a model. Requests in it
    /// finish; the next one loads it again.
    /// </summary>
    /// <returns>Whether anything was in memory.</returns>
    public bool Unload(ModelReference reference)
    {
        const string Reason = "An operator unloaded it.";
        var slots = reference.Alias is null
            ? _versions.Values.Where(
                slot => slot.Name == reference.Name && (reference.Version is null || slot.Version == reference.Version))
            : _followed.TryGetValue(reference, out var followed) ? followed.Served?.Slots ?? [] : [];
        var unloaded = false;
        foreach (var slot in slots)
            unloaded |= slot.Unload(Reason);
        return unloaded;
    }

    /// <summary>
    /// Changes how a model is served, from the next run on: every version that is in memory, and those that this process loads later.
    /// </summary>
    /// <returns>The settings that hold now.</returns>
    /// <exception cref="InferenceException">A value is outside its range; nothing has changed.</exception>
    public ServingSettings Change(string model, ServingChange change) => _services.Changes.Apply(model, change);

    /// <summary>How the model called <paramref name="model"/> is served.</summary>
    public ServingSettings SettingsOf(string model) => _services.Changes.Of(model);

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
            slot.Unload("The worker is stopping.");
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

    private async Task<ModelLease> AcquireFollowedAsync(
        ModelReference reference, TrafficSlice? slice, CancellationToken cancellationToken)
    {
        var slot = _followed.GetOrAdd(reference, key => new FollowingSlot(
            new FollowedVersions(_store, key), version => SlotOf(key.Name, version), _services));
        try
        {
            return await slot.HoldAsync(slice, cancellationToken);
        }
        catch (InferenceException error) when (error.Error.Kind == ErrorKind.ModelNotFound)
        {
            _followed.TryRemove(reference, out _);
            throw;
        }
    }

    private IStage FindStage(StageRecord stage)
    {
        var package = ModelReference.Parse(stage.Package!);
        return (stage.Place is { } place ? StageWorkers?.Find(package, place) : null) ?? new LocalStage(this, package);
    }

    private VersionSlot SlotOf(string name, int version) =>
        _versions.GetOrAdd((name, version), key => new VersionSlot(key.Name, key.Version, _services));
}
