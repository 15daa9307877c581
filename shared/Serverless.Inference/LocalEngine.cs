using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Serverless.Inference.Diagnostics;
using Serverless.Inference.Generation;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Onnx;
using Serverless.Models.Loading;
using Serverless.Models.Storage;

namespace Serverless.Inference;

/// <summary>The engine without a host around it, with everything at its default: for tools that measure models as the worker serves them.</summary>
public sealed class LocalEngine : IAsyncDisposable
{
    private readonly UnreadMeters _meters = new();

    /// <summary>An engine over the models of <paramref name="store"/>, on the processor.</summary>
    public LocalEngine(IModelStore store)
    {
        var options = Options.Create(new InferenceOptions());
        PrepareThreads();
        var provider = ExecutionProviderSelector.Choose(options.Value.ExecutionProviders, options.Value.RequireGpu);
        var metrics = new InferenceMetrics(_meters);
        var meter = new LoadMeter(metrics, TimeProvider.System, NullLogger<LoadMeter>.Instance);
        var loader = new ModelLoader(store, new PackageLoader(store), options, provider, meter, new GenerationMetrics(_meters));
        var clock = new RegistryClock(TimeProvider.System, NullLogger<ModelRegistry>.Instance);
        Models = new ModelRegistry(store, loader, options, provider, metrics, clock);
    }

    /// <summary>The models, loaded on first use.</summary>
    public ModelRegistry Models { get; }

    /// <summary>
    /// Gives the process the threads that the worker has. Whoever starts the runtime first decides on them for good: to be called before
    /// models are prepared, where figures are to be those of serving.
    /// </summary>
    public static void PrepareThreads() => OnnxRuntimeLibrary.EnsureStarted(new InferenceOptions().IntraOpThreads);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Models.DisposeAsync();
        _meters.Dispose();
    }

    private sealed class UnreadMeters : IMeterFactory
    {
        private readonly List<Meter> _made = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options);
            _made.Add(meter);
            return meter;
        }

        public void Dispose() => _made.ForEach(meter => meter.Dispose());
    }
}
