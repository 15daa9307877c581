using Serverless.Contracts.Models;
using Serverless.Models.Storage;
using Serverless.Worker.Configuration;

namespace Serverless.Worker.Starting;

/// <summary>
/// Asks the store for the first preloaded model while the host is still being put together. A process's first call takes 100 ms for code that
/// is compiled and a connection that is made; what it answers is asked for again, in 3 ms, when there is an engine to use it.
/// </summary>
internal static class FirstStoreCall
{
    /// <summary>Opens the configured store and begins; null where it cannot be opened, which whoever needs it is told.</summary>
    public static IModelStore? Begin(IConfiguration configuration)
    {
        var worker = configuration.GetSection(WorkerOptions.Section);
        if (worker.GetSection(nameof(WorkerOptions.Preload)).GetChildren().FirstOrDefault()?.Value is not { } first)
            return null;
        try
        {
            var store = ModelStores.Open(worker[nameof(WorkerOptions.ModelStore)], configuration, TimeProvider.System);
            _ = Task.Run(() => AskAsync(store, first));
            return store;
        }
#pragma warning disable CA1031 // It is opened again where it is needed, and fails where that is told.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    private static async Task AskAsync(IModelStore store, string text)
    {
        try
        {
            var reference = ModelReference.Parse(text);
            var version = reference.Version;
            if (version is null && reference.Alias is { } alias)
                version = (await store.FindAliasAsync(reference.Name, alias, CancellationToken.None))?.Version;
            else if (version is null && await store.ListVersionsAsync(reference.Name, CancellationToken.None) is [var newest, ..])
                version = newest;
            if (version is { } number)
                await store.FindManifestAsync(reference.Name, number, CancellationToken.None);
        }
#pragma warning disable CA1031 // Whoever needs the answer asks again, and tells what is wrong.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
