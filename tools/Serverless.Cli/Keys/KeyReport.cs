using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Serverless.Cli.Keys;

/// <summary>Shows keys.</summary>
internal static class KeyReport
{
    public static void PrintList(IAnsiConsole console, IEnumerable<JsonElement> keys)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("id", "tenant", "name", "may", "models", "status", "expires");
        foreach (var key in keys)
        {
            table.AddRow(
                Text(key, "id"), Text(key, "tenant"), Text(key, "name"), List(key, "operations"), List(key, "models"), Text(key, "status"), Expiry(key));
        }

        console.Write(table);
    }

    /// <summary>Shows a key that was just made; it can be shown at no other time.</summary>
    public static void PrintMade(IAnsiConsole console, JsonElement key)
    {
        PrintList(console, [key]);
        console.MarkupLine("[yellow]Keep the key now: it is stored nowhere and not shown again.[/]");
        console.WriteLine(key.GetProperty("key").GetString()!);
    }

    private static string Text(JsonElement key, string name) => Markup.Escape(key.GetProperty(name).GetString() ?? "");

    private static string List(JsonElement key, string name) =>
        Markup.Escape(string.Join(", ", key.GetProperty(name).EnumerateArray().Select(value => value.GetString())));

    private static string Expiry(JsonElement key) =>
        key.GetProperty("expires_at") is { ValueKind: JsonValueKind.Number } seconds
            ? DateTimeOffset.FromUnixTimeSeconds(seconds.GetInt64()).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
            : "never";
}
