using Microsoft.Extensions.Logging;
using Serverless.Contracts.Errors;
using Serverless.Models.Storage;

namespace Serverless.Inference.Lifecycle;

/// <summary>
/// Follows the newest version of a model that can be loaded. While one is served the store is asked for newer ones in the background; a
/// newer one takes over when it has been loaded.
/// </summary>
internal sealed partial class NewestSlot(string name, Func<int, VersionSlot> slotOf, IModelStore store, RegistryServices services)
{
    // How far back to go behind versions that fail: beyond that something else is wrong than a bad push.
    private const int MaxCandidates = 3;

    private readonly Lock _gate = new();
    private VersionSlot? _current;
    private FailedVersion? _failed;
    private Task? _refresh;
    private long _refreshedAt;

    /// <summary>The newer version that could not be loaded, if one could not.</summary>
    public FailedVersion? Failed
    {
        get
        {
            lock (_gate)
                return _failed;
        }
    }

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

    private (VersionSlot? Current, Task? Refresh) Look()
    {
        lock (_gate)
        {
            var due = _current is null || services.Time.GetElapsedTime(_refreshedAt) >= services.Options.RefreshInterval;
            if (due && _refresh is null or { IsCompleted: true })
            {
                _refreshedAt = services.Time.GetTimestamp();
                _refresh = Task.Run(RefreshAsync);
                // Awaited by nobody when another version is served meanwhile: VersionSlot has logged the failure.
                _ = _refresh.ContinueWith(static task => task.Exception, TaskScheduler.Default);
            }

            return (_current, _refresh);
        }
    }

    private async Task RefreshAsync()
    {
        var versions = await ListAsync();
        InferenceException? first = null;
        FailedVersion? failed = null;
        foreach (var version in versions.Take(MaxCandidates))
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

        if (versions.Count == 0)
            Switch(null, null);
        throw first ?? NotFound();
    }

    private async Task<IReadOnlyList<int>> ListAsync()
    {
        try
        {
            return await store.ListVersionsAsync(name, services.Stopping);
        }
        catch (Exception error)
        {
            LogStoreUnreadable(services.Logger, name, error);
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
                LogFellBack(services.Logger, name, failed.Version, next.Version, failed.Reason);
            (_current, _failed) = (next, failed);
        }

        if (old is not null && old != next)
            old.Unload();
    }

    private InferenceException NotFound() => new(ErrorKind.ModelNotFound, $"Model '{name}' does not exist.", "model");

    [LoggerMessage(10, LogLevel.Warning, "Model {Model}:{Failed} could not be loaded; version {Served} is served. {Reason}")]
    private static partial void LogFellBack(ILogger logger, string model, int failed, int served, string reason);

    [LoggerMessage(11, LogLevel.Warning, "The versions of model {Model} could not be listed")]
    private static partial void LogStoreUnreadable(ILogger logger, string model, Exception error);
}
