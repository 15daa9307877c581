using Azure.Storage.Blobs;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.SampleModels;

namespace Serverless.Benchmarks.Burst;

/// <summary>What the lines share: storage with the model in it, Service Bus, and published apps. Each is there from its first use on.</summary>
internal sealed class BurstBench(string folder, BurstOptions options, FigureWriter figures) : IAsyncDisposable
{
    private readonly Dictionary<string, string> _published = [];
    private BurstEmulators? _emulators;
    private BareFiles? _bare;

    public BurstOptions Options => options;

    public string Folder => folder;

    public void Say(string what) => figures.Say("  " + what);

    /// <summary>Storage that holds the model <see cref="MiniLm.Name"/>, and Service Bus.</summary>
    public async Task<BurstEmulators> EmulatorsAsync(CancellationToken cancellationToken)
    {
        if (_emulators is { } running)
            return running;
        var emulators = new BurstEmulators();
        try
        {
            await emulators.StartAsync();
            _bare = await PublishAsync(ModelStores.InBlobStorage(new BlobServiceClient(emulators.Storage.ConnectionString)), cancellationToken);
        }
        catch
        {
            await emulators.DisposeAsync();
            throw;
        }

        return _emulators = emulators;
    }

    /// <summary>The same model as files.</summary>
    public async Task<BareFiles> BareFilesAsync(CancellationToken cancellationToken)
    {
        await EmulatorsAsync(cancellationToken);
        return _bare!;
    }

    /// <summary>The program of <paramref name="project"/> as it is published for its image.</summary>
    public async Task<string> PublishedAsync(string project, CancellationToken cancellationToken)
    {
        if (options.Apps is { } apps)
            return PublishedApp.In(apps, project);
        if (!_published.TryGetValue(project, out var program))
        {
            Say($"publish {project}");
            _published[project] = program = await PublishedApp.PublishAsync(project, folder, cancellationToken);
        }

        return program;
    }

    public async ValueTask DisposeAsync()
    {
        if (_emulators is { } running)
            await running.DisposeAsync();
    }

    private async Task<BareFiles> PublishAsync(IModelStore store, CancellationToken cancellationToken)
    {
        Say($"prepare {MiniLm.Name}");
        var (graph, vocabulary) = MiniLm.WriteTo(folder);
        using var prepared = await GraphPreparation.RunAsync(
            graph, new PreparationOptions { Task = ModelTasks.TextEmbedding, MaxBatch = 1 }, progress: null, cancellationToken);
        await new ModelPublisher(store).PublishAsync(
            prepared.ToDraft(MiniLm.Name, [vocabulary]) with { Task = ModelTasks.TextEmbedding }, progress: null, cancellationToken);

        // The optimised graph with its weights beside it, which the runtime maps: the best way that there is for a file.
        var bare = Directory.CreateDirectory(Path.Combine(folder, "bare-model")).FullName;
        var file = Path.Combine(bare, "model.onnx");
        File.Copy(prepared.GraphFile, file);
        File.Copy(prepared.WeightsFile!, Path.Combine(bare, LoadedPackage.WeightsFileName));
        return new BareFiles(file, vocabulary);
    }
}
