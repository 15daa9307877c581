using Microsoft.Extensions.Options;
using Serverless.Inference.Onnx;
using Serverless.Worker.Configuration;

namespace Serverless.Worker.Serving;

/// <summary>
/// Chooses the execution provider when the worker starts, so that a missing GPU is seen then and not at the first request. A choice that
/// cannot fail is made while the rest of the host starts.
/// </summary>
internal sealed class ProviderCheck(IServiceProvider services, IOptions<WorkerOptions> options) : IHostedService
{
    private readonly bool _canFail = options.Value.RequireGpu || !options.Value.Providers.Contains("cpu");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var choice = Task.Run(services.GetRequiredService<ExecutionProviderChoice>, cancellationToken);
        return _canFail ? choice : Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
