using Microsoft.Extensions.DependencyInjection;
using Serverless.Contracts.Models;
using Serverless.Inference;
using Serverless.Inference.Generation;
using Serverless.Inference.Lifecycle;
using Serverless.Models.Storage;

namespace Serverless.Benchmarks.Generation;

/// <summary>One decoder in the engine, loaded as the worker loads it.</summary>
internal sealed class GenerationEngine : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly ModelLease _lease;

    private GenerationEngine(ServiceProvider services, ModelLease lease) => (_services, _lease) = (services, lease);

    public TextGenerator Generator => _lease.Generator ?? throw new InvalidRunException("the model was loaded without a text generator.");

    public static async Task<GenerationEngine> StartAsync(IModelStore store, string model, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection().AddMetrics().AddLogging().AddSingleton(store).AddInference().BuildServiceProvider();
        var lease = await services.GetRequiredService<ModelRegistry>().AcquireAsync(ModelReference.Parse(model), cancellationToken);
        return new GenerationEngine(services, lease);
    }

    public async ValueTask DisposeAsync()
    {
        _lease.Dispose();
        await _services.DisposeAsync();
    }
}
