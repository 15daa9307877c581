using Serverless.Contracts.Errors;
using Serverless.Inference.Staging;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Lifecycle;

/// <summary>
/// The one place where a model version is loaded: once however many ask, again after a back-off when it failed. A load belongs to
/// everybody who waits for it and is not cancelled by one who leaves.
/// </summary>
internal sealed partial class VersionSlot(string name, int version, RegistryServices services)
{
    private readonly Lock _gate = new();
    private readonly bool _isPinned = services.Options.Pinned.Any(
        pinned => pinned.Name == name && (pinned.Version is null || pinned.Version == version));

    private Task<LoadedModel>? _load;
    private LoadedModel? _leaving;
    private InferenceException? _failure;
    private long _failedAt;
    private int _failures;
    private int _waiters;
    private int _followers;
    private ModelState _state;
    private string _reason = "";

    public string Name => name;

    public int Version => version;

    public long LastUsed { get; private set; }

    public ModelStatus Status
    {
        get
        {
            lock (_gate)
                return new ModelStatus(name, version, _state, _reason);
        }
    }

    /// <summary>The model if it is in memory.</summary>
    public LoadedModel? Loaded
    {
        get
        {
            lock (_gate)
                return _load is { IsCompletedSuccessfully: true } done ? done.Result : null;
        }
    }

    /// <summary>Whether it is in memory, and nobody would notice if it were not.</summary>
    public bool IsIdle => !_isPinned && Volatile.Read(ref _waiters) == 0 && Loaded is { IsInUse: false };

    /// <summary>The model, loaded if need be and held for the caller.</summary>
    public async Task<LoadedModel> HoldAsync(CancellationToken cancellationToken)
    {
        // Who waits for a load must find the model there when it is done, or a small memory would load and unload for ever.
        Interlocked.Increment(ref _waiters);
        try
        {
            while (true)
            {
                var model = await EnsureLoadedAsync().WaitAsync(cancellationToken);
                LastUsed = services.Time.GetTimestamp();
                if (model.TryHold())
                    return model;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiters);
            services.Room.Changed();
        }
    }

    /// <summary>The model, held for the caller, if it is in memory: what nearly every request finds, without a lock or a wait.</summary>
    public LoadedModel? TryHold()
    {
        if (Volatile.Read(ref _load) is not { IsCompletedSuccessfully: true } done || !done.Result.TryHold())
            return null;
        LastUsed = services.Time.GetTimestamp();
        return done.Result;
    }

    /// <summary>Completes when the model is in memory.</summary>
    public Task<LoadedModel> EnsureLoadedAsync()
    {
        lock (_gate)
        {
            if (_load is not null)
                return _load;
            if (_failure is not null && services.Time.GetElapsedTime(_failedAt) is var since && since < BackOff)
                return Task.FromException<LoadedModel>(WithRetryAfter(_failure, BackOff - since));
            LastUsed = services.Time.GetTimestamp();
            MoveTo(ModelState.Loading, "");
            return _load = Task.Run(LoadAsync);
        }
    }

    /// <summary>Begins a load that nobody has asked for yet; null when there is one, or one has just failed.</summary>
    public Task? BeginLoad()
    {
        lock (_gate)
            return _load is null && _failure is null ? EnsureLoadedAsync() : null;
    }

    /// <summary>Lets go of the model; requests that hold it finish.</summary>
    /// <returns>False when it was not in memory.</returns>
    public bool Unload(string reason)
    {
        LoadedModel model;
        lock (_gate)
        {
            if (_load is not { IsCompletedSuccessfully: true } done)
                return false;
            model = _leaving = done.Result;
            _load = null;
            MoveTo(ModelState.Draining, reason);
        }

        model.Ticket!.IsLeaving = true;
        model.Release();
        services.Metrics.Unloaded();
        LogUnloaded(services.Logger, name, version, reason);
        _ = SeeOffAsync(model);
        return true;
    }

    /// <summary>Whether a name stands for this version.</summary>
    public bool IsFollowed => Volatile.Read(ref _followers) > 0;

    /// <summary>Says that a name stands for this version now.</summary>
    public void Follow() => Interlocked.Increment(ref _followers);

    /// <summary>Says that it no longer does.</summary>
    /// <returns>How many still do.</returns>
    public int Unfollow() => Interlocked.Decrement(ref _followers);

    private TimeSpan BackOff => TimeSpan.FromTicks(Math.Min(
        services.Options.MaxBackOff.Ticks, services.Options.BackOff.Ticks << Math.Min(_failures - 1, 16)));

    // Manifests that nobody measured: what is decoded is there, and about as much again once it runs.
    // A decoder's keys and values come on top: they are there from its first request on.
    private long MemoryOf(ModelManifest manifest) =>
        Math.Max(manifest.MemoryBytes ?? manifest.TotalSize * 2, manifest.TotalSize)
        + (manifest.Decoder is { } decoder ? services.Options.Generation.MemoryOf(decoder) : 0);

    private static InferenceException WithRetryAfter(InferenceException failure, TimeSpan retryAfter) =>
        failure.Error.Kind == ErrorKind.ModelNotFound ? failure : new(failure.Error with { RetryAfter = retryAfter }, failure);

    private async Task SeeOffAsync(LoadedModel model)
    {
        await model.Gone;
        NativeHeap.Trim();
        model.Ticket!.Dispose();
        lock (_gate)
        {
            if (_leaving == model && _state == ModelState.Draining)
                MoveTo(ModelState.Unloaded, _reason);
        }
    }

    private async Task<LoadedModel> LoadAsync()
    {
        try
        {
            var found = await services.Loader.FindAsync(name, version, services.Stopping) ?? throw NotFound();
            var model = await LoadAsync(found);
            lock (_gate)
            {
                (_failure, _failures) = (null, 0);
                MoveTo(ModelState.Ready, "");
            }

            LogLoaded(services.Logger, name, version);
            return model;
        }
        catch (Exception error)
        {
            throw WithRetryAfter(Remember(error), BackOff);
        }
    }

    private InferenceException NotFound() => new(ErrorKind.ModelNotFound, $"Model '{name}' has no version {version}.", "model");

    private async Task<LoadedModel> LoadAsync(FoundVersion found)
    {
        var ticket = await services.Room.EnterAsync(this, MemoryOf(found.Manifest), services.Stopping);
        try
        {
            var model = await services.Loader.LoadAsync(found, () => MoveTo(ModelState.WarmingUp, ""), services.Stopping)
                ?? throw NotFound();
            model.Stages = ChainOf(model);
            model.Ticket = ticket;
            model.Left = services.Room.Changed;
            services.Changes.Follow(model);
            return model;
        }
        catch
        {
            ticket.Dispose();
            throw;
        }
    }

    private StageChain? ChainOf(LoadedModel model)
    {
        if (model.Manifest.Stages is not { } stages)
            return null;
        IStage[] later = [.. stages.Skip(1).Select(services.StageOf)];
        for (var i = 0; i < later.Length; i++)
            LogStage(services.Logger, name, version, i + 2, later[i] is LocalStage ? "this process" : $"the workers '{stages[i + 1].Place}'");
        return new StageChain(model.Manifest, model.Instance, later);
    }

    private InferenceException Remember(Exception error)
    {
        var failure = error as InferenceException ?? LoadFailure.ToException(name, version, error);
        lock (_gate)
        {
            _load = null;
            _failures++;
            _failure = failure;
            _failedAt = services.Time.GetTimestamp();
            MoveTo(ModelState.Failed, failure.Message);
        }

        if (failure.Error.Kind != ErrorKind.ModelNotFound)
        {
            services.Metrics.LoadFailed(name);
            LogFailed(services.Logger, name, version, failure.Message, error);
        }

        return failure;
    }

    private void MoveTo(ModelState next, string reason)
    {
        lock (_gate)
        {
            if (!ModelStates.CanFollow(_state, next))
                throw new InvalidOperationException($"{name}:{version} cannot go from {_state} to {next}.");
            (_state, _reason) = (next, reason);
        }
    }
}
