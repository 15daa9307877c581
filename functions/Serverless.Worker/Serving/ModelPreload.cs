using Microsoft.Extensions.Options;
using Serverless.Contracts.Models;
using Serverless.Inference.Lifecycle;
using Serverless.Worker.Configuration;

namespace Serverless.Worker.Serving;

/// <summary>
/// Loads the models that are to be there before the first request. The worker is ready once each has been tried: one that fails is tried
/// again by the requests that need it, and must not keep the others from being served.
/// </summary>
internal sealed partial class ModelPreload(
    ModelRegistry registry, IOptions<WorkerOptions> options, IHostApplicationLifetime lifetime, ILogger<ModelPreload> logger) : IHostedService
{
    private readonly Lock _lock = new();
    private volatile Task? _loading;

    /// <summary>Whether every model has been tried.</summary>
    public bool IsDone => _loading is { IsCompleted: true };

    /// <summary>Completes when every model has been tried.</summary>
    public Task Tried => Begin();

    /// <summary>
    /// Begins in the background, before the host of <paramref name="services"/> has started: a session takes half as long as the host does.
    /// </summary>
    public static void Begin(IServiceProvider services) => _ = Task.Run(() =>
    {
        try
        {
            services.GetRequiredService<ModelPreload>().Begin();
        }
#pragma warning disable CA1031 // What cannot be put together with these settings, the host's own start tells of.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    });

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Begin();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_loading is { } loading)
            await loading.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task Begin()
    {
        lock (_lock)
            return _loading ??= Task.Run(LoadAsync);
    }

    private async Task LoadAsync()
    {
        foreach (var model in options.Value.Preload ?? [])
        {
            try
            {
                await registry.LoadAsync(ModelReference.Parse(model), lifetime.ApplicationStopping);
            }
            catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A store that cannot be reached is no reason never to be ready: requests try again.
            catch (Exception error)
#pragma warning restore CA1031
            {
                LogFailed(logger, model, error.Message);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Model {Model} could not be preloaded: {Reason}")]
    private static partial void LogFailed(ILogger logger, string model, string reason);
}
