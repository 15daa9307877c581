using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Serverless.Cli.Costs;

/// <summary>Prints costs: a table, and a bar for each line of it.</summary>
internal static class CostReport
{
    private const int BarWidth = 60;

    public static void Print(IAnsiConsole console, JsonElement costs)
    {
        var (by, currency) = (costs.GetProperty("by").GetString()!, costs.GetProperty("currency").GetString()!);
        var table = new Table().AddColumns(by, $"cost ({currency})", "device seconds", "requests");
        var bars = new BarChart().Width(BarWidth).UseValueFormatter(value => Text(value));
        foreach (var row in costs.GetProperty("data").EnumerateArray())
        {
            var (key, cost) = (row.GetProperty("key").GetString()!, row.GetProperty("cost").GetDouble());
            key = key.Length > 0 ? Markup.Escape(key) : "(nobody)";
            table.AddRow(key, Text(cost), Text(row.GetProperty("device_seconds").GetDouble()), row.GetProperty("requests").ToString());
            bars.AddItem(key, cost, key == "idle" ? Color.Grey : Color.Green);
        }

        table.AddRow("total", Text(costs.GetProperty("total").GetDouble()), "", "");
        console.Write(table);
        if (bars.Data.Count > 0)
            console.Write(bars);
    }

    // A request of a small model costs a millionth.
    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
