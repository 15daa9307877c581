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
        var bars = new BarChart().Width(BarWidth).UseValueFormatter(value => Text(value));
        foreach (var row in costs.GetProperty("data").EnumerateArray())
            bars.AddItem(KeyOf(row), CostOf(row), KeyOf(row) == "idle" ? Color.Grey : Color.Green);
        console.Write(TableOf(costs));
        if (bars.Data.Count > 0)
            console.Write(bars);
    }

    /// <summary>The table alone.</summary>
    public static Table TableOf(JsonElement costs)
    {
        var (by, currency) = (costs.GetProperty("by").GetString()!, costs.GetProperty("currency").GetString()!);
        var table = new Table().AddColumns(by, $"cost ({currency})", "device seconds", "requests");
        foreach (var row in costs.GetProperty("data").EnumerateArray())
        {
            table.AddRow(
                KeyOf(row), Text(CostOf(row)), Text(row.GetProperty("device_seconds").GetDouble()), row.GetProperty("requests").ToString());
        }

        return table.AddRow("total", Text(costs.GetProperty("total").GetDouble()), "", "");
    }

    private static string KeyOf(JsonElement row) =>
        row.GetProperty("key").GetString() is { Length: > 0 } key ? Markup.Escape(key) : "(nobody)";

    private static double CostOf(JsonElement row) => row.GetProperty("cost").GetDouble();

    // A request of a small model costs a millionth.
    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
