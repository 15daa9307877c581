using System.ComponentModel;
using System.Globalization;
using Serverless.Cli.Api;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Inference;

/// <summary><c>infer embed MODEL TEXT…</c>: embeds texts and shows how close they are to each other.</summary>
internal sealed class EmbedCommand(IAnsiConsole console) : AsyncCommand<EmbedCommand.Settings>
{
    internal sealed class Settings : ApiSettings
    {
        [CommandArgument(0, "<MODEL>")]
        [Description("Model as name, name:version or name:alias.")]
        public string Model { get; init; } = "";

        [CommandArgument(1, "<TEXTS>")]
        [Description("One or more texts.")]
        public string[] Texts { get; init; } = [];
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        using var api = new ApiClient(settings.BaseUrl, settings.ApiKey);
        var answer = await api.PostAsync("/v1/embeddings", new { model = settings.Model, input = settings.Texts }, cancellationToken);
        var embeddings = Embeddings.Read(answer.Body);

        var table = new Table().Border(TableBorder.Rounded).AddColumn("text").AddColumn("dimensions").AddColumn("first values");
        for (var i = 0; i < embeddings.Length; i++)
            table.AddColumn(new TableColumn($"cos {i + 1}").RightAligned());
        for (var i = 0; i < embeddings.Length; i++)
            table.AddRow(RowOf(settings.Texts[i], embeddings, i));
        console.Write(table);
        return 0;
    }

    private static string[] RowOf(string text, float[][] embeddings, int row) =>
    [
        Markup.Escape(text),
        embeddings[row].Length.ToString(CultureInfo.InvariantCulture),
        string.Join(' ', embeddings[row].Take(3).Select(value => value.ToString("0.0000", CultureInfo.InvariantCulture))),
        .. embeddings.Select(other => Embeddings.Cosine(embeddings[row], other).ToString("0.00000", CultureInfo.InvariantCulture)),
    ];
}
