using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Inference.Lifecycle;
using Serverless.Worker.Configuration;

namespace Serverless.Worker.Serving;

/// <summary>
/// Loads the models that are to be there before the first request. The worker is ready once each has been tried: one that fails is tried
/// again by the requests that need it, and must not keep the others from being served.
/// </summary>
internal sealed partial class ModelPreload(
    ModelRegistry registry, IOptions<WorkerOptions> options, IHostApplicationLifetime lifetime, ILogger<ModelPreload> logger)
{
    private volatile bool _isDone;

    /// <summary>Whether every model has been tried.</summary>
    public bool IsDone => _isDone;

    /// <summary>
    /// Loads the models that <paramref name="services"/> are configured with in the background, before the host has started: a session takes
    /// half as long as the host does.
    /// </summary>
    public static void Begin(IServiceProvider services) => _ = Task.Run(async () =>
    {
        try
        {
            await services.GetRequiredService<ModelPreload>().LoadAsync();
        }
        catch (OptionsValidationException)
        {
            // The host does not start with such settings, and says why.
        }
    });

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
            catch (InferenceException error)
            {
                LogFailed(logger, model, error.Message);
            }
        }

        _isDone = true;
    }

    [LoggerMessage(1, LogLevel.Error, "Model {Model} could not be preloaded: {Reason}")]
    private static partial void LogFailed(ILogger logger, string model, string reason);
}
