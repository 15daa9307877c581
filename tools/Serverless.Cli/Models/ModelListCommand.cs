using System.Globalization;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models;

/// <summary><c>infer model list</c>.</summary>
internal sealed class ModelListCommand(IAnsiConsole console) : AsyncCommand<StoreSettings>
{
    public override async Task<int> ExecuteAsync(CommandContext context, StoreSettings settings, CancellationToken cancellationToken)
    {
        var store = settings.Open();
        var table = new Table().Border(TableBorder.Rounded).AddColumns("model", "newest", "versions", "aliases", "task", "size", "stored");
        foreach (var name in await store.ListModelsAsync(cancellationToken))
        {
            var versions = await store.ListVersionsAsync(name, cancellationToken);
            if (versions.Count == 0 || await store.FindManifestAsync(name, versions[0], cancellationToken) is not { } newest)
                continue;
            var aliases = await store.ListAliasesAsync(name, cancellationToken);
            table.AddRow(
                name,
                versions[0].ToString(CultureInfo.InvariantCulture),
                versions.Count.ToString(CultureInfo.InvariantCulture),
                AliasText.Of(aliases),
                newest.Task ?? "",
                FileSize.Of(newest.TotalSize),
                FileSize.Of(newest.TotalStoredSize));
        }

        console.Write(table);
        return 0;
    }
}
