using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Inference;
using Serverless.Inference.Lifecycle;
using Serverless.Models.Caching;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;

namespace Serverless.Benchmarks.ColdStart;

/// <summary>What the worker does: manifest, package, session over its memory, first run.</summary>
internal sealed class PackageStart : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IModelLoader _loader;
    private readonly List<LoadTimings> _timings = [];

    /// <param name="store">Where models are.</param>
    /// <param name="cache">What is kept on this machine; null for nothing.</param>
    public PackageStart(IModelStore store, PackageCacheOptions? cache)
    {
        _services = new ServiceCollection()
            .AddMetrics()
            .AddLogging()
            .AddSingleton(store)
            .Configure<InferenceOptions>(options =>
            {
                options.Cache = cache;
                // The floor and the naive server have both cores for a run.
                options.IntraOpThreads = Environment.ProcessorCount;
            })
            .AddInference()
            .BuildServiceProvider();
        _loader = _services.GetRequiredService<IModelLoader>();
    }

    /// <summary>Where the time went: the median of each stage, in milliseconds.</summary>
    public string Stages() => string.Join(", ", _timings
        .SelectMany(timings => timings.Stages)
        .GroupBy(stage => stage.Name, stage => stage.Duration.TotalMilliseconds)
        .Select(stage => $"{stage.Key} {Medians.Of([.. stage]):0.0}"));

    /// <returns>Milliseconds from asking for the version to the first answer.</returns>
    public async Task<double> RunAsync(ModelManifest manifest, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var found = await _loader.FindAsync(manifest.Name, manifest.Version, cancellationToken);
        var model = await _loader.LoadAsync(found!, static () => { }, cancellationToken);
        var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        _timings.Add(model!.Timings);
        model.Release();
        await model.Gone;

        // Not part of the answer, but the next start must not meet it half done.
        await model.Kept;
        return took;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
