using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Serverless.Cli.Models;

/// <summary>The report of a shadow for people.</summary>
internal static class ShadowTable
{
    private static readonly (string Property, string Label)[] Rows =
    [
        ("compared", "answers compared"), ("failed", "failed on the shadow"), ("dropped", "dropped, busy or large"),
        ("max_error", "largest difference"), ("mean_cosine", "cosine, mean"), ("worst_cosine", "cosine, worst"),
        ("top1", "same largest number"), ("mean_run_ms", "run of the version, ms"), ("mean_shadow_run_ms", "run of the shadow, ms"),
        ("last_failure", "last failure"),
    ];

    public static Table Of(JsonElement report)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("on the worker that answered", "");
        foreach (var (property, label) in Rows)
            table.AddRow(label, Markup.Escape(Text(report.GetProperty(property))));
        return table;
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble().ToString("0.######", CultureInfo.InvariantCulture),
        JsonValueKind.Null => "–",
        _ => value.ToString(),
    };
}
