using System.ComponentModel;
using Serverless.Cli.Api;
using Serverless.Cli.Models.Optimization;
using Serverless.Models.Manifest;
using Serverless.Models.Rejections;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models;

/// <summary><c>infer model show MODEL</c>: the newest version, or the one that is named by number or alias.</summary>
internal sealed class ModelShowCommand(IAnsiConsole console) : AsyncCommand<ModelShowCommand.Settings>
{
    internal sealed class Settings : ModelSettings
    {
        [CommandOption("--live")]
        [Description("Also ask the platform ($INFER_URL, $INFER_API_KEY) how it loaded the model; it loads it if it has not.")]
        public bool Live { get; init; }
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var store = settings.Open();
        var manifest = await VersionLookup.FindAsync(store, settings.Model, cancellationToken);
        var versions = await store.ListVersionsAsync(manifest.Name, cancellationToken);
        var aliases = await store.ListAliasesAsync(manifest.Name, cancellationToken);

        console.MarkupLineInterpolated($"[bold]{manifest.Name}:{manifest.Version}[/] of versions {string.Join(", ", versions.Order())}");
        if (aliases.Count > 0)
            console.MarkupLineInterpolated($"aliases {AliasText.Of(aliases)}");
        foreach (var line in ModelReport.Lines(manifest))
            console.MarkupLineInterpolated($"{line}");
        console.Write(ModelReport.Tensors(manifest));
        console.Write(ModelReport.Contents(manifest));
        if (manifest.Lineage is { } lineage)
            console.Write(FigureTable.Of(lineage.Figures));
        foreach (var (number, report) in await new RejectionBook(store).ListAsync(manifest.Name, cancellationToken))
            console.MarkupLineInterpolated($"rejected {number}, {report.At:u}: {RejectionText.Of(report)}");
        if (settings.Live)
            await ShowLoadAsync(manifest, cancellationToken);
        return 0;
    }

    private async Task ShowLoadAsync(ModelManifest manifest, CancellationToken cancellationToken)
    {
        var platform = new ApiSettings();
        using var api = new ApiClient(platform.BaseUrl, platform.ApiKey);
        var answer = await api.GetAsync($"/v2/models/{manifest.Name}/versions/{manifest.Version}", cancellationToken);
        var table = new Table().Border(TableBorder.Rounded).AddColumns($"on {platform.BaseUrl}", "");
        foreach (var property in answer.Body.GetProperty("properties").EnumerateObject())
            table.AddRow(Markup.Escape(property.Name), Markup.Escape(property.Value.ToString()));
        console.Write(table);
    }
}
