using Microsoft.Extensions.Logging;
using Serverless.Contracts.Errors;
using Serverless.Models.Integrity;

namespace Serverless.Inference.Lifecycle;

/// <summary>
/// Follows the versions that a name or an alias stands for, or the best before that can be loaded. While one is served the store is asked
/// for others in the background; another one takes over when it has been loaded.
/// </summary>
internal sealed partial class FollowingSlot(FollowedVersions versions, Func<int, VersionSlot> slotOf, RegistryServices services)
{
    // How far back to go behind versions that fail: beyond that something else is wrong than a bad push.
    private const int MaxCandidates = 3;

    private readonly Lock _gate = new();
    private ServedVersions? _served;
    private Task? _main;
    private Task? _refresh;
    private long _refreshedAt;

    /// <summary>The versions that are served.</summary>
    public ServedVersions? Served => Volatile.Read(ref _served);

    /// <summary>The version that answers <paramref name="slice"/>, held for the caller, unless it is not in memory or the store is due to be asked.</summary>
    public ModelLease? TryHold(TrafficSlice? slice)
    {
        if (services.Time.GetElapsedTime(Volatile.Read(ref _refreshedAt)) >= services.Options.RefreshInterval || Served is not { } served)
            return null;
        var chosen = served.Choose(slice);
        return chosen.TryHold() is { } model ? Lease(served, chosen, model, slice) : null;
    }

    public async Task<ModelLease> HoldAsync(TrafficSlice? slice, CancellationToken cancellationToken)
    {
        var (served, loading) = Look();
        if (served is null)
        {
            await loading!.WaitAsync(cancellationToken);
            served = Served ?? throw NotFound();
        }

        var chosen = served.Choose(slice);
        if (chosen != served.Main)
        {
            try
            {
                return Lease(served, chosen, await chosen.HoldAsync(cancellationToken), slice);
            }
            catch (InferenceException)
            {
                // It had to make room and cannot come back. Logged where it failed; the next look at the store takes it out.
            }
        }

        return Lease(served, served.Main, await served.Main.HoldAsync(cancellationToken), slice);
    }

    /// <summary>Completes when what the store last said is loaded, the canary too.</summary>
    public async Task SettledAsync(CancellationToken cancellationToken)
    {
        Task? running;
        lock (_gate)
            running = _refresh;
        if (running is not null)
            await running.WaitAsync(cancellationToken);
    }

    /// <summary>Asks the store now, and completes when what it says is loaded.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        Task? running;
        lock (_gate)
            running = _refresh;
        // One that is under way may have asked before the push that the caller wants to see.
        if (running is not null)
            await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_refresh is null or { IsCompleted: true })
                Start();
            running = _refresh;
        }

        await running!.WaitAsync(cancellationToken);
    }

    private ModelLease Lease(ServedVersions served, VersionSlot chosen, LoadedModel model, TrafficSlice? slice) => new(model, served.Failed)
    {
        Shadow = slice is not null && chosen == served.Main && served.Shadow is { } shadow
            ? services.Shadows.Sample(model, shadow, served.Share)
            : null,
    };

    private (ServedVersions? Served, Task? Loading) Look()
    {
        lock (_gate)
        {
            var due = _served is null || services.Time.GetElapsedTime(_refreshedAt) >= services.Options.RefreshInterval;
            if (due && _refresh is null or { IsCompleted: true })
                Start();
            return (_served, _main);
        }
    }

    private void Start()
    {
        Volatile.Write(ref _refreshedAt, services.Time.GetTimestamp());
        var main = Task.Run(RefreshMainAsync);
        _main = main;
        _refresh = RefreshCanaryAsync(main);
        // Awaited by nobody when another version is served meanwhile: VersionSlot has logged the failure.
        _ = _refresh.ContinueWith(static task => task.Exception, TaskScheduler.Default);
    }

    // Whoever waits for the name's first version must not wait for its canary as well.
    private async Task<FollowedState> RefreshMainAsync()
    {
        var guess = Guess();
        try
        {
            return await RefreshMainAsync(await ReadAsync());
        }
        finally
        {
            if (guess is { } begun)
                _ = DropUnlessServedAsync(begun.Slot, begun.Load);
        }
    }

    private async Task<FollowedState> RefreshMainAsync(FollowedState state)
    {
        InferenceException? first = null;
        FailedVersion? failed = null;
        foreach (var version in state.Candidates.Take(MaxCandidates))
        {
            var slot = slotOf(version);
            try
            {
                await slot.EnsureLoadedAsync();
                Switch(Beside(state, new ServedVersions(slot)
                {
                    Failed = failed,
                    Shadow = state.Shadow is { } shadow ? slotOf(shadow.Version) : null,
                    Share = state.Shadow?.Share ?? 0,
                }));
                Keep(version);
                return state;
            }
            catch (InferenceException error)
            {
                first ??= error;
                failed ??= new FailedVersion(version, error.Message);
            }
        }

        if (state.Candidates.Count == 0)
        {
            Switch(null);
            Keep(null);
        }

        throw first ?? NotFound();
    }

    // Behind the callers' backs: a file is written where the version is another than before.
    private void Keep(int? version) => _ = Task.Run(() => services.Loader.Keep(versions.Reference, version));

    // What the store will most likely name. A new process's first call takes as long as a small model's session from the local cache, so both
    // are begun at once; nothing is served by it before the store has answered. What somebody else loads is no guess, and not dropped.
    private (VersionSlot Slot, Task Load)? Guess()
    {
        if (Served is not null || services.Loader.Recall(versions.Reference) is not { } version)
            return null;
        var slot = slotOf(version);
        if (slot.BeginLoad() is not { } load)
            return null;
        // Its failure is told to whoever asks for that version.
        _ = load.ContinueWith(static task => task.Exception, TaskScheduler.Default);
        return (slot, load);
    }

    // As a canary or by its number it may be in use by now, or waited for. What is idle and stays all the same makes room when room is needed.
    private async Task DropUnlessServedAsync(VersionSlot guess, Task load)
    {
        await load.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await (_refresh ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!guess.IsFollowed && guess.IsIdle)
            guess.Unload("Another version is served.");
    }

    // A canary that serves goes on while the store's word for it is looked after.
    private ServedVersions Beside(FollowedState state, ServedVersions main)
    {
        if (state.Canary is not { } canary || Served is not { } served)
            return main;
        if (served.Canary?.Version == canary.Version)
            return main with { Canary = served.Canary, Weight = canary.Weight };
        return served.Failed?.Version == canary.Version ? main with { Failed = main.Failed ?? served.Failed } : main;
    }

    private async Task RefreshCanaryAsync(Task<FollowedState> main)
    {
        if ((await main).Canary is not { } canary)
            return;
        var served = Served!;
        var slot = slotOf(canary.Version);
        try
        {
            await slot.EnsureLoadedAsync();
            var failed = served.Failed?.Version == canary.Version ? null : served.Failed;
            Switch(served with { Canary = slot, Weight = canary.Weight, Failed = failed });
        }
        catch (InferenceException error)
        {
            Switch(served with { Canary = null, Weight = 0, Failed = served.Failed ?? new FailedVersion(canary.Version, error.Message) });
        }
    }

    private async Task<FollowedState> ReadAsync()
    {
        try
        {
            return await versions.ReadAsync(services.Stopping);
        }
        catch (ModelIntegrityException error)
        {
            throw new InferenceException(
                new InferenceError(ErrorKind.ModelUnavailable, error.Message, "model", services.Options.BackOff), error);
        }
        catch (Exception error)
        {
            LogStoreUnreadable(services.Logger, versions.Reference.ToString(), error);
            throw new InferenceException(
                new InferenceError(ErrorKind.ModelUnavailable, "The model store cannot be read.", null, services.Options.BackOff), error);
        }
    }

    private void Switch(ServedVersions? next)
    {
        var old = Interlocked.Exchange(ref _served, next);
        if (old == next)
            return;
        if (next?.Failed is { } failed && failed.Version != old?.Failed?.Version)
            LogFellBack(services.Logger, versions.Reference.ToString(), failed.Version, next.Main.Version, failed.Reason);
        foreach (var slot in Of(next).Except(Of(old)))
            slot.Follow();
        foreach (var slot in Of(old).Except(Of(next)))
        {
            if (slot.Unfollow() == 0)
                slot.Unload("Another version took over.");
        }

        static IEnumerable<VersionSlot> Of(ServedVersions? served) => served?.Slots ?? [];
    }

    private InferenceException NotFound() => new(ErrorKind.ModelNotFound, versions.NotFound, "model");

    [LoggerMessage(10, LogLevel.Warning, "Version {Failed} of model {Model} could not be loaded; version {Served} is served. {Reason}")]
    private static partial void LogFellBack(ILogger logger, string model, int failed, int served, string reason);

    [LoggerMessage(11, LogLevel.Warning, "The versions of model {Model} could not be listed")]
    private static partial void LogStoreUnreadable(ILogger logger, string model, Exception error);
}
