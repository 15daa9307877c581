using Azure.Storage.Blobs;
using Serverless.Models.Caching;
using Serverless.Models.Loading;
using Serverless.Models.Manifest;
using Serverless.Models.Storage;
using Serverless.SampleModels;
using Serverless.TestKit;

namespace Serverless.Benchmarks.ColdStart;

/// <summary>From nothing to the first answer: what the worker does, beside what most services do and beside the floor.</summary>
internal sealed class ColdStartSuite : ITakesWords
{
    private const int Rounds = 20;
    private const string Budget = "budget";

    private readonly HashSet<string> _chosen = [ResNet18.Name, MiniLm.Name, Budget];

    public string Name => "coldstart";

    public string Usage => $"coldstart takes more words: {string.Join(", ", _chosen)} choose parts";

    public bool TryChoose(IEnumerable<string> words)
    {
        var chosen = words.ToHashSet();
        if (!chosen.IsSubsetOf(_chosen))
            return false;
        if (chosen.Count > 0)
            _chosen.IntersectWith(chosen);
        return true;
    }

    public async Task RunAsync(FigureWriter figures, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var (miniLm, _) = MiniLm.WriteTo(folder.Path);
        if (_chosen.Contains(ResNet18.Name))
            await ModelAsync(figures, ResNet18.Name, ResNet18.File, null, folder, cancellationToken);
        if (_chosen.Contains(MiniLm.Name))
            await ModelAsync(figures, MiniLm.Name, miniLm, ModelTasks.TextEmbedding, folder, cancellationToken);
        if (!_chosen.Contains(Budget))
            return;
        figures.Say("ten models, room for three");
        await using var azurite = new AzuriteFixture();
        await azurite.InitializeAsync();
        await BudgetServing.RunAsync(figures, azurite, cancellationToken);
    }

    // A store of its own for each model: once 20 GB have been read from it, Azurite takes 1.8 times as long for the same bytes.
    private static async Task ModelAsync(
        FigureWriter figures, string name, string graph, string? task, TemporaryFolder folder, CancellationToken cancellationToken)
    {
        await using var azurite = new AzuriteFixture();
        await azurite.InitializeAsync();
        var account = new BlobServiceClient(azurite.ConnectionString);
        figures.Say($"{name}: prepare and publish");
        var model = await ColdModel.PublishAsync(account, name, graph, task, cancellationToken);
        await StoredSizes.WriteAsync(figures, model, graph, ModelStores.InBlobStorage(account), cancellationToken);
        await StartsAsync(figures, model, account, folder.File("cache-" + name), cancellationToken);
        if (name == ResNet18.Name)
            await UnloadCycles.RunAsync(figures, account, model.Lossless, cancellationToken);
    }

    private static async Task StartsAsync(
        FigureWriter figures, ColdModel model, BlobServiceClient account, string cacheFolder, CancellationToken cancellationToken)
    {
        var store = ModelStores.InBlobStorage(account);
        await using var plain = new PackageStart(store, cache: null);
        await using var fp16 = new PackageStart(store, cache: null);
        await using var int8 = new PackageStart(store, cache: null);
        await using var cached = new PackageStart(store, new PackageCacheOptions(cacheFolder, 1L << 30));
        using var package = await new PackageLoader(store).LoadAsync(model.Lossless, WeightsPlace.Memory, cancellationToken);
        using var floor = new FloorStart(model, package.Graph);
        var ways = new (string Way, Func<Task<double>> Run)[]
        {
            ("naive", () => NaiveStart.RunAsync(model, cancellationToken)),
            ("blob", () => plain.RunAsync(model.Lossless, cancellationToken)),
            ("floor", () => floor.RunAsync(cancellationToken)),
            ("fp16", () => fp16.RunAsync(model.Fp16, cancellationToken)),
            ("int8", () => int8.RunAsync(model.Int8, cancellationToken)),
            ("cached", () => cached.RunAsync(model.Lossless, cancellationToken)),
        };
        var times = ways.ToDictionary(way => way.Way, _ => new List<double>());

        // Round -1 warms every way up and fills the cache; it is not counted.
        for (var round = -1; round < Rounds; round++)
        {
            foreach (var (way, run) in ways)
            {
                GC.Collect();
                var took = await run();
                if (round >= 0)
                    times[way].Add(took);
            }
        }

        var medians = times.ToDictionary(pair => pair.Key, pair => Medians.Of(pair.Value));
        figures.Say($"{model.Name}: " + string.Join(", ", medians.Select(pair => $"{pair.Key} {pair.Value:0.0} ms")));
        foreach (var (way, start) in new[] { ("blob", plain), ("fp16", fp16), ("int8", int8), ("cached", cached) })
            figures.Say($"{model.Name}, {way} by stage: {start.Stages()} ms");
        Write("blob_speedup_vs_naive", medians["naive"] / medians["blob"], medians["blob"], medians["naive"]);
        Write("blob_fp16_speedup_vs_naive", medians["naive"] / medians["fp16"], medians["fp16"], medians["naive"]);
        Write("blob_int8_speedup_vs_naive", medians["naive"] / medians["int8"], medians["int8"], medians["naive"]);
        Write("cached_speedup_vs_naive", medians["naive"] / medians["cached"], medians["cached"], medians["naive"]);
        Write("blob_vs_floor", medians["blob"] / medians["floor"], medians["blob"], medians["floor"]);

        void Write(string metric, double value, double ours, double baseline) => figures.Write(
            new Figure("coldstart", metric, value, "ratio") { Model = model.Name, Ours = ours, Baseline = baseline, N = Rounds });
    }
}
