using Microsoft.Extensions.Logging;
using Serverless.Contracts.Errors;

namespace Serverless.Inference.Lifecycle;

/// <summary>
/// The one place where a model version is loaded: once however many ask, again after a back-off when it failed. A load belongs to
/// everybody who waits for it and is not cancelled by one who leaves.
/// </summary>
internal sealed partial class VersionSlot(string name, int version, RegistryServices services)
{
    private readonly Lock _gate = new();
    private Task<LoadedModel>? _load;
    private InferenceException? _failure;
    private long _failedAt;
    private int _failures;

    public string Name => name;

    public int Version => version;

    public long LastUsed { get; private set; }

    /// <summary>The model if it is in memory.</summary>
    public LoadedModel? Loaded
    {
        get
        {
            lock (_gate)
                return _load is { IsCompletedSuccessfully: true } done ? done.Result : null;
        }
    }

    /// <summary>Whether it is in memory or on its way there.</summary>
    public bool TakesRoom
    {
        get
        {
            lock (_gate)
                return _load is not null;
        }
    }

    /// <summary>The model, loaded if need be and held for the caller.</summary>
    public async Task<LoadedModel> HoldAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var model = await EnsureLoadedAsync().WaitAsync(cancellationToken);
            LastUsed = services.Time.GetTimestamp();
            if (model.TryHold())
                return model;
        }
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
            return _load = Task.Run(LoadAsync);
        }
    }

    /// <summary>Lets go of the model; requests that hold it finish.</summary>
    public void Unload()
    {
        LoadedModel? model;
        lock (_gate)
        {
            model = _load is { IsCompletedSuccessfully: true } done ? done.Result : null;
            if (model is not null)
                _load = null;
        }

        if (model is null)
            return;
        model.Release();
        services.Metrics.Unloaded();
        LogUnloaded(services.Logger, name, version);
    }

    private TimeSpan BackOff => TimeSpan.FromTicks(Math.Min(
        services.Options.MaxBackOff.Ticks, services.Options.BackOff.Ticks << Math.Min(_failures - 1, 16)));

    private async Task<LoadedModel> LoadAsync()
    {
        try
        {
            services.MakeRoom(this);
            var model = await services.Loader.LoadAsync(name, version, services.Stopping)
                ?? throw new InferenceException(ErrorKind.ModelNotFound, $"Model '{name}' has no version {version}.", "model");
            lock (_gate)
                (_failure, _failures) = (null, 0);
            LogLoaded(services.Logger, name, version);
            return model;
        }
        catch (Exception error)
        {
            var failure = error as InferenceException ?? LoadFailure.ToException(name, version, error);
            lock (_gate)
            {
                _load = null;
                _failures++;
                _failure = failure;
                _failedAt = services.Time.GetTimestamp();
            }

            if (failure.Error.Kind != ErrorKind.ModelNotFound)
                LogFailed(services.Logger, name, version, failure.Message, error);
            throw WithRetryAfter(failure, BackOff);
        }
    }

    private static InferenceException WithRetryAfter(InferenceException failure, TimeSpan retryAfter) =>
        failure.Error.Kind == ErrorKind.ModelNotFound ? failure : new(failure.Error with { RetryAfter = retryAfter }, failure);

    [LoggerMessage(1, LogLevel.Information, "Model {Model}:{Version} is loaded")]
    private static partial void LogLoaded(ILogger logger, string model, int version);

    [LoggerMessage(2, LogLevel.Information, "Model {Model}:{Version} is unloaded")]
    private static partial void LogUnloaded(ILogger logger, string model, int version);

    [LoggerMessage(3, LogLevel.Error, "Model {Model}:{Version} could not be loaded: {Reason}")]
    private static partial void LogFailed(ILogger logger, string model, int version, string reason, Exception error);
}
