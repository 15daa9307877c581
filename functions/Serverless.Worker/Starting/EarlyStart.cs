using Serverless.Contracts.Models;
using Serverless.Inference;
using Serverless.Inference.Onnx;
using Serverless.Models.Loading;
using Serverless.Models.Storage;
using Serverless.Worker.Configuration;

namespace Serverless.Worker.Starting;

/// <summary>
/// What the first preloaded model will need, tried once while the host is still being put together: the store's first call takes 100 ms for
/// code that is compiled and a connection that is made, the runtime's environment 20 ms, the first manifest of the local cache 20 ms. Answers
/// are thrown away and nothing that fails here counts: the engine does it all again, in a few milliseconds, and tells what is wrong.
/// </summary>
internal static class EarlyStart
{
    /// <summary>Begins in the background.</summary>
    /// <returns>The configured store; null where nothing is preloaded or it cannot be opened.</returns>
    public static IModelStore? Begin(IConfiguration configuration)
    {
        var worker = configuration.GetSection(WorkerOptions.Section);
        if (worker.GetSection(nameof(WorkerOptions.Preload)).GetChildren().FirstOrDefault()?.Value is not { } first)
            return null;
        try
        {
            var store = ModelStores.Open(worker[nameof(WorkerOptions.ModelStore)], configuration, TimeProvider.System);
            _ = Task.Run(() => TryAsync(() => AskAsync(store, ModelReference.Parse(first))));
            _ = Task.Run(() => TryAsync(() => Recall(store, ModelReference.Parse(first), worker)));
            return store;
        }
#pragma warning disable CA1031 // It is opened again where it is needed, and fails where that is told.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    private static async Task AskAsync(IModelStore store, ModelReference reference)
    {
        var version = reference.Version;
        if (version is null && reference.Alias is { } alias)
            version = (await store.FindAliasAsync(reference.Name, alias, CancellationToken.None))?.Version;
        else if (version is null && await store.ListVersionsAsync(reference.Name, CancellationToken.None) is [var newest, ..])
            version = newest;
        if (version is { } number)
            await store.FindManifestAsync(reference.Name, number, CancellationToken.None);
    }

    private static Task Recall(IModelStore store, ModelReference reference, IConfigurationSection worker)
    {
        var engine = new InferenceOptions();
        (worker.Get<WorkerOptions>() ?? new WorkerOptions()).ApplyTo(engine);
        RuntimeStart.Ensure(engine.IntraOpThreads);
        var packages = new PackageLoader(store, engine.Cache);
        if ((reference.Version ?? packages.Recall(reference)) is { } version)
            packages.Recall(reference.Name, version);
        return Task.CompletedTask;
    }

    private static async Task TryAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
#pragma warning disable CA1031 // Whoever needs it does it again, and tells what is wrong.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
