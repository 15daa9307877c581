using Microsoft.Extensions.Logging;
using Serverless.Contracts.Errors;
using Serverless.Models.Integrity;

namespace Serverless.Inference.Lifecycle;

/// <summary>
/// Follows the version that a name or an alias stands for, or the best before it that can be loaded. While one is served the store is
/// asked for others in the background; another one takes over when it has been loaded.
/// </summary>
internal sealed partial class FollowingSlot(FollowedVersions versions, Func<int, VersionSlot> slotOf, RegistryServices services)
{
    // How far back to go behind versions that fail: beyond that something else is wrong than a bad push.
    private const int MaxCandidates = 3;

    private readonly Lock _gate = new();
    private VersionSlot? _current;
    private FailedVersion? _failed;
    private Task? _refresh;
    private long _refreshedAt;

    /// <summary>The version that is served.</summary>
    public VersionSlot? Current
    {
        get
        {
            lock (_gate)
                return _current;
        }
    }

    /// <summary>The better version that could not be loaded, if one could not.</summary>
    public FailedVersion? Failed
    {
        get
        {
            lock (_gate)
                return _failed;
        }
    }

    /// <summary>The version that is served, held for the caller, unless it is not in memory or the store is due to be asked.</summary>
    public LoadedModel? TryHold() =>
        services.Time.GetElapsedTime(Volatile.Read(ref _refreshedAt)) < services.Options.RefreshInterval
            ? Volatile.Read(ref _current)?.TryHold()
            : null;

    public async Task<LoadedModel> HoldAsync(CancellationToken cancellationToken)
    {
        var (current, refresh) = Look();
        if (current is null)
        {
            await refresh!.WaitAsync(cancellationToken);
            current = Look().Current ?? throw NotFound();
        }

        return await current.HoldAsync(cancellationToken);
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

    private (VersionSlot? Current, Task? Refresh) Look()
    {
        lock (_gate)
        {
            var due = _current is null || services.Time.GetElapsedTime(_refreshedAt) >= services.Options.RefreshInterval;
            if (due && _refresh is null or { IsCompleted: true })
                Start();
            return (_current, _refresh);
        }
    }

    private void Start()
    {
        Volatile.Write(ref _refreshedAt, services.Time.GetTimestamp());
        _refresh = Task.Run(RefreshAsync);
        // Awaited by nobody when another version is served meanwhile: VersionSlot has logged the failure.
        _ = _refresh.ContinueWith(static task => task.Exception, TaskScheduler.Default);
    }

    private async Task RefreshAsync()
    {
        var candidates = await ListAsync();
        InferenceException? first = null;
        FailedVersion? failed = null;
        foreach (var version in candidates.Take(MaxCandidates))
        {
            var slot = slotOf(version);
            try
            {
                await slot.EnsureLoadedAsync();
                Switch(slot, failed);
                return;
            }
            catch (InferenceException error)
            {
                first ??= error;
                failed ??= new FailedVersion(version, error.Message);
            }
        }

        if (candidates.Count == 0)
            Switch(null, null);
        throw first ?? NotFound();
    }

    private async Task<IReadOnlyList<int>> ListAsync()
    {
        try
        {
            return await versions.ListAsync(services.Stopping);
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

    private void Switch(VersionSlot? next, FailedVersion? failed)
    {
        VersionSlot? old;
        lock (_gate)
        {
            old = _current;
            if (failed is not null && failed != _failed && next is not null)
                LogFellBack(services.Logger, versions.Reference.ToString(), failed.Version, next.Version, failed.Reason);
            (_current, _failed) = (next, failed);
        }

        if (old == next)
            return;
        next?.Follow();
        if (old?.Unfollow() == 0)
            old.Unload("Another version took over.");
    }

    private InferenceException NotFound() => new(ErrorKind.ModelNotFound, versions.NotFound, "model");

    [LoggerMessage(10, LogLevel.Warning, "Version {Failed} of model {Model} could not be loaded; version {Served} is served. {Reason}")]
    private static partial void LogFellBack(ILogger logger, string model, int failed, int served, string reason);

    [LoggerMessage(11, LogLevel.Warning, "The versions of model {Model} could not be listed")]
    private static partial void LogStoreUnreadable(ILogger logger, string model, Exception error);
}
