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
internal sealed partial class ModelPreload(ModelRegistry registry, IOptions<WorkerOptions> options, ILogger<ModelPreload> logger)
    : BackgroundService
{
    private readonly string[] _models = [.. options.Value.Preload ?? []];

    private volatile bool _isDone;

    /// <summary>Whether every model has been tried.</summary>
    public bool IsDone => _isDone || _models.Length == 0;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var model in _models)
        {
            try
            {
                await registry.LoadAsync(ModelReference.Parse(model), stoppingToken);
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
