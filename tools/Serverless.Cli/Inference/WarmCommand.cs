using System.ComponentModel;
using System.Text.Json;
using Serverless.Cli.Api;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Inference;

/// <summary><c>infer warm [MODEL…]</c>: starts a replica and loads models ahead of their requests.</summary>
internal sealed class WarmCommand(IAnsiConsole console) : AsyncCommand<WarmCommand.Settings>
{
    internal sealed class Settings : ApiSettings
    {
        [CommandArgument(0, "[MODELS]")]
        [Description("Models as name, name:version or name:alias; none only starts a replica.")]
        public string[] Models { get; init; } = [];

        [CommandOption("--wait <SECONDS>")]
        [Description("For how many seconds to wait; until all is ready unless given.")]
        public double? Wait { get; init; }
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        using var api = new ApiClient(settings.BaseUrl, settings.ApiKey);
        var body = new Dictionary<string, object> { ["models"] = settings.Models };
        if (settings.Wait is { } wait)
            body["wait"] = wait;
        var answer = await api.PostAsync("/v1/warm", body, cancellationToken);
        var table = new Table().Border(TableBorder.Rounded).AddColumns("", "status", "seconds");
        AddRow(table, "replica", answer.Body.GetProperty("replica"));
        foreach (var model in answer.Body.GetProperty("models").EnumerateArray())
            AddRow(table, model.GetProperty("model").GetString()!, model);
        console.Write(table);
        return 0;
    }

    private static void AddRow(Table table, string name, JsonElement state) => table.AddRow(
        Markup.Escape(name), state.GetProperty("status").GetString()!, state.TryGetProperty("seconds", out var seconds) ? seconds.GetRawText() : "");
}
