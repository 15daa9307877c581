using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Cli.Api;
using Serverless.Contracts.Models;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Models;

/// <summary><c>infer model set NAME KEY=VALUE…</c>: changes how a model is served, or shows it when nothing is to be changed.</summary>
internal sealed class ModelSetCommand(IAnsiConsole console) : AsyncCommand<ModelSetCommand.Settings>
{
    internal sealed class Settings : ApiSettings
    {
        [CommandArgument(0, "<NAME>")]
        [Description("The model's name.")]
        public string Name { get; init; } = "";

        [CommandArgument(1, "[SETTINGS]")]
        [Description("Such as max_batch=16, instances=2, preferred_batches=[[4,8]], cache_bytes=1000000. None shows what holds.")]
        public string[] Changes { get; init; } = [];

        public override ValidationResult Validate() =>
            Changes.FirstOrDefault(change => change.IndexOf('=', StringComparison.Ordinal) < 1) is { } wrong
                ? ValidationResult.Error($"Settings are KEY=VALUE, not '{wrong}'.")
                : base.Validate();
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        using var api = new ApiClient(settings.BaseUrl, settings.ApiKey);
        var path = $"/v2/repository/models/{ModelReference.Parse(settings.Name).Name}/settings";
        var answer = settings.Changes.Length == 0
            ? await api.GetAsync(path, cancellationToken)
            : await api.PatchAsync(path, ToJson(settings.Changes), cancellationToken);
        var table = new Table().Border(TableBorder.Rounded).AddColumns("setting", "value");
        foreach (var property in answer.Body.EnumerateObject())
            table.AddRow(Markup.Escape(property.Name), Markup.Escape(property.Value.GetRawText()));
        console.Write(table);
        return 0;
    }

    // Values go as they are: the platform knows which settings there are and says what each may be.
    private static JsonObject ToJson(IEnumerable<string> changes)
    {
        var json = new JsonObject();
        foreach (var change in changes)
        {
            var split = change.IndexOf('=', StringComparison.Ordinal);
            json[change[..split]] = Parse(change[(split + 1)..]);
        }

        return json;
    }

    private static JsonNode? Parse(string value)
    {
        try
        {
            return JsonNode.Parse(value);
        }
        catch (JsonException)
        {
            return JsonValue.Create(value);
        }
    }
}
