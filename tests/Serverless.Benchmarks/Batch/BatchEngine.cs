using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Contracts.Models;
using Serverless.Inference;
using Serverless.Inference.Embeddings;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.Models.Storage;

namespace Serverless.Benchmarks.Batch;

/// <summary>The engine alone, in this process: what a job could reach if nothing but inference cost anything.</summary>
internal sealed class BatchEngine : IAsyncDisposable
{
    // OpenAI's most inputs of one request: the engine sorts them by length and fills whole batches.
    private const int Chunk = 2048;

    private readonly ServiceProvider _services;

    public BatchEngine(IModelStore store) => _services = new ServiceCollection()
        .AddMetrics().AddLogging().AddSingleton(TimeProvider.System).AddSingleton(store).AddInference().BuildServiceProvider();

    /// <summary>Texts embedded per second, and the processor seconds that a thousand of them took.</summary>
    public async Task<(double PerSecond, double ProcessorSeconds)> MeasureAsync(
        string model, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        using var lease = await _services.GetRequiredService<ModelRegistry>().AcquireAsync(ModelReference.Parse(model), cancellationToken);
        var terms = new RunTerms(Priority: RunPriority.Batch);
        var (start, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        foreach (var chunk in texts.Chunk(Chunk))
            await lease.Embedder!.EmbedAsync(lease, [.. chunk.Select(text => new EmbeddingInput(text, null, "input"))], terms, cancellationToken);
        var thousands = texts.Count / 1000d;
        return (texts.Count / Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - used).TotalSeconds / thousands);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
