using System.ComponentModel;
using System.Net.Http.Headers;
using System.Text.Json;
using Serverless.Cli.Api;
using Serverless.Contracts.Models;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Inference;

/// <summary><c>infer run MODEL REQUEST.json</c>: sends an Open Inference Protocol request and shows the outputs.</summary>
internal sealed class RunCommand(IAnsiConsole console) : AsyncCommand<RunCommand.Settings>
{
    internal sealed class Settings : ApiSettings
    {
        [CommandArgument(0, "<MODEL>")]
        [Description("Model as name or name:version.")]
        public string Model { get; init; } = "";

        [CommandArgument(1, "<REQUEST>")]
        [Description("File with the request: {\"inputs\": [{\"name\", \"shape\", \"datatype\", \"data\"}]}; - reads standard input.")]
        public string Request { get; init; } = "";

        [CommandOption("--json")]
        [Description("Print the answer as it came, instead of a table.")]
        public bool Json { get; init; }
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        await using var file = settings.Request == "-" ? Console.OpenStandardInput() : File.OpenRead(settings.Request);
        using var body = new StreamContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var api = new ApiClient(settings.BaseUrl, settings.ApiKey);
        var answer = await api.PostAsync(PathOf(ModelReference.Parse(settings.Model)), body, cancellationToken);
        if (settings.Json)
            Console.Out.WriteLine(answer.Body.GetRawText());
        else
            Show(answer.Body);
        return 0;
    }

    private static string PathOf(ModelReference model) =>
        model.Version is { } version ? $"/v2/models/{model.Name}/versions/{version}/infer" : $"/v2/models/{model.Name}/infer";

    private void Show(JsonElement answer)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("output", "datatype", "shape", "data");
        foreach (var output in answer.GetProperty("outputs").EnumerateArray())
        {
            var data = output.GetProperty("data");
            var values = string.Join(", ", data.EnumerateArray().Take(8).Select(value => value.GetRawText()));
            table.AddRow(
                Markup.Escape(output.GetProperty("name").GetString()!),
                output.GetProperty("datatype").GetString()!,
                Markup.Escape(output.GetProperty("shape").GetRawText()),
                Markup.Escape(data.GetArrayLength() > 8 ? values + ", …" : values));
        }

        console.Write(table);
    }
}
