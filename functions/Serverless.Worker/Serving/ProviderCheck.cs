using Serverless.Inference.Onnx;

namespace Serverless.Worker.Serving;

/// <summary>
/// Chooses the execution provider when the worker starts, so that a missing GPU is seen then and not at the first request.
/// </summary>
internal sealed class ProviderCheck(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<ExecutionProviderChoice>();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
