using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Inference.Staging;
using Serverless.Inference.Tensors;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;

namespace Serverless.Inference.Tests;

/// <summary>The engine over a store in a folder, with time that stands still until a test moves it.</summary>
internal sealed class Engine : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IModelStore _store;
    private readonly ServiceProvider _services;

    public Engine(Action<InferenceOptions>? configure = null, TimeProvider? time = null, IStageWorkers? stageWorkers = null)
    {
        _store = ModelStores.InFolder(StoreFolder);
        Store = new WatchedStore(_store);
        var services = new ServiceCollection()
            .AddMetrics()
            .AddSingleton(time ?? Time)
            .AddSingleton<IModelStore>(Store)
            .AddLogging(logging => logging.AddProvider(new FakeLoggerProvider(Log)))
            .Configure<InferenceOptions>(options => configure?.Invoke(options))
            .AddInference();
        if (stageWorkers is not null)
            services.AddSingleton(stageWorkers);
        _services = services.BuildServiceProvider();
    }

    public FakeTimeProvider Time { get; } = new();

    public FakeLogCollector Log { get; } = FakeLogCollector.Create(new FakeLogCollectorOptions());

    public WatchedStore Store { get; }

    /// <summary>What the next pushed models are said to take.</summary>
    public long? MemoryBytes { get; set; }

    /// <summary>What the next pushed models are stored with for a graph.</summary>
    public byte[]? GraphInstead { get; set; }

    /// <summary>The most rows that the next pushed models are proved to take together; 1 proves nothing.</summary>
    public int MaxBatch { get; set; } = 1;

    public ModelRegistry Registry => _services.GetRequiredService<ModelRegistry>();

    /// <summary>What this machine remembers of a version.</summary>
    public ModelManifest? Recall(string name, int version) => Packages.Recall(name, version);

    public IPackageLoader Packages => _services.GetRequiredService<IPackageLoader>();

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    /// <summary>The last change of what the next pushed models are published as.</summary>
    public Func<PackageDraft, PackageDraft> Finish { get; set; } = draft => draft;

    private string StoreFolder => _folder.File("store");

    /// <summary>Publishes a graph as the next version of <paramref name="name"/>.</summary>
    public async Task<int> PushAsync(string name, byte[] graph)
    {
        var path = _folder.File("model.onnx");
        await File.WriteAllBytesAsync(path, graph);
        return await PushFilesAsync(name, null, path);
    }

    /// <summary>Publishes a graph with other files beside it.</summary>
    public async Task<int> PushFilesAsync(string name, string? task, string graph, params string[] others)
    {
        // What is proved at a push has tests of its own.
        var options = new PreparationOptions { Task = task, MaxBatch = MaxBatch };
        using var prepared = await GraphPreparation.RunAsync(graph, options, null, CancellationToken.None);
        var draft = Finish(prepared.ToDraft(name, others) with { Task = task });
        if (GraphInstead is { } instead)
            File.WriteAllBytes(draft.GraphFile, instead);
        return (await new ModelPublisher(_store).PublishAsync(draft with { MemoryBytes = MemoryBytes })).Version;
    }

    /// <summary>Publishes <c>y = factor · x</c>.</summary>
    public Task<int> PushScaleAsync(string name, float factor) => PushAsync(name, OnnxGraphs.Scale(factor).ToBytes());

    /// <summary>Flips a bit of the stored graph of a version, and returns the hash that it should have had.</summary>
    public async Task<string> DamageAsync(string name, int version)
    {
        var manifest = await _store.FindManifestAsync(name, version, CancellationToken.None);
        return await DamageAsync(name, manifest!.Graph);
    }

    /// <summary>Flips a bit of a stored content, and returns the hash that it should have had.</summary>
    public async Task<string> DamageAsync(string name, StoredContent content)
    {
        var hash = content.StoredSha256;
        var path = Path.Combine(StoreFolder, name, "blobs", hash);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        return hash;
    }

    /// <summary>Begins anew: the store forgets everything, the numbers of versions too.</summary>
    public void EmptyStore() => Directory.Delete(StoreFolder, recursive: true);

    /// <summary>Undoes <see cref="DamageAsync(string, int)"/>: the bit is flipped back.</summary>
    public Task RepairAsync(string name, int version) => DamageAsync(name, version);

    /// <summary>What the newest (or the named) version makes of 1.</summary>
    public async Task<float> ScaleOfOneAsync(string model)
    {
        using var lease = await Registry.AcquireAsync(Contracts.Models.ModelReference.Parse(model), CancellationToken.None);
        return await ScaleOfOneAsync(lease);
    }

    public static async Task<float> ScaleOfOneAsync(ModelLease lease)
    {
        using var outcome = await lease.RunAsync([Fp32("x", [1, 2], 1, 1)], ["y"], RunTerms.Default, CancellationToken.None);
        return BitConverter.ToSingle(outcome.Outputs[0].Data);
    }

    public static BufferTensor Fp32(string name, long[] shape, params float[] values)
    {
        var buffer = TensorBuffer.Rent(values.Length * sizeof(float));
        values.CopyTo(buffer.As<float>());
        return new BufferTensor(name, TensorDatatype.Fp32, shape, buffer);
    }

    public static BufferTensor Int64(string name, long[] shape, params long[] values)
    {
        var buffer = TensorBuffer.Rent(values.Length * sizeof(long));
        values.CopyTo(buffer.As<long>());
        return new BufferTensor(name, TensorDatatype.Int64, shape, buffer);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }
}
