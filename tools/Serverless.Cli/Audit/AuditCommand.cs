using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Serverless.Cli.Api;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Audit;

/// <summary><c>infer audit</c>: what operators did on a day.</summary>
internal sealed class AuditCommand(IAnsiConsole console) : AsyncCommand<AuditCommand.Settings>
{
    internal sealed class Settings : ApiSettings
    {
        [CommandOption("--day <DAY>")]
        [Description("A day in UTC such as 2026-11-27. Default: today.")]
        public string? Day { get; init; }
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        using var api = new ApiClient(settings.BaseUrl, settings.ApiKey);
        var table = new Table().Border(TableBorder.Rounded).AddColumns("at", "who", "credential", "what", "target", "from", "outcome");
        for (string? after = ""; after is not null;)
        {
            var path = $"/v1/admin/audit?limit=1000&day={Uri.EscapeDataString(settings.Day ?? "")}{after}";
            var page = (await api.GetAsync(path, cancellationToken)).Body;
            foreach (var entry in page.GetProperty("data").EnumerateArray())
                Add(table, entry);
            after = page.GetProperty("has_more").GetBoolean() ? "&after=" + page.GetProperty("last_id").GetString() : null;
        }

        console.Write(table);
        return 0;
    }

    private static void Add(Table table, JsonElement entry)
    {
        string Text(string name) => Markup.Escape(entry.GetProperty(name).GetString()!);
        table.AddRow(
            DateTimeOffset.FromUnixTimeSeconds(entry.GetProperty("at").GetInt64()).ToString("HH:mm:ss", CultureInfo.InvariantCulture),
            Text("who"), Text("credential"), Text("what"), Text("target"), Text("from"), OutcomeOf(entry));
    }

    // The gateway ended, or failed, before the act did.
    private static string OutcomeOf(JsonElement entry) =>
        entry.GetProperty("outcome") is { ValueKind: JsonValueKind.Number } status ? status.GetRawText() : "[yellow]unfinished[/]";
}
