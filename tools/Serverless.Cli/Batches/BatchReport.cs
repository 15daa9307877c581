using System.Globalization;
using Spectre.Console;

namespace Serverless.Cli.Batches;

/// <summary>Shows batches to a person.</summary>
internal static class BatchReport
{
    public static void Print(IAnsiConsole console, Batch batch)
    {
        var grid = new Grid().AddColumn().AddColumn();
        void Row(string name, string? value) => grid.AddRow(new Text(name), new Text(value ?? "–"));
        Row("id", batch.Id);
        Row("status", batch.Status);
        Row("endpoint", batch.Endpoint);
        Row("lines", string.Create(CultureInfo.InvariantCulture, $"{batch.Done} of {batch.Total}, {batch.Failed} failed"));
        Row("output file", batch.OutputFile);
        Row("error file", batch.ErrorFile);
        console.Write(grid);
        foreach (var error in batch.Errors)
            console.MarkupLineInterpolated($"[red]{error}[/]");
    }

    public static void Print(IAnsiConsole console, IEnumerable<Batch> batches)
    {
        var table = new Table().Border(TableBorder.Rounded)
            .AddColumn("id").AddColumn("status").AddColumn("created").AddColumn("endpoint").AddColumn(new TableColumn("lines").RightAligned())
            .AddColumn(new TableColumn("failed").RightAligned());
        foreach (var batch in batches)
        {
            table.AddRow(
                Markup.Escape(batch.Id), batch.Status, batch.CreatedAt.ToString("u", CultureInfo.InvariantCulture), Markup.Escape(batch.Endpoint),
                string.Create(CultureInfo.InvariantCulture, $"{batch.Done}/{batch.Total}"), batch.Failed.ToString(CultureInfo.InvariantCulture));
        }

        console.Write(table);
    }
}
