using System.Text.Json;
using Spectre.Console;

namespace Serverless.Cli.Tenants;

/// <summary>Shows limits of tenants.</summary>
internal static class TenantReport
{
    private static readonly (string Field, string Title)[] Limits =
    [
        ("requests_per_minute", "requests/min"), ("tokens_per_minute", "tokens/min"), ("rows_per_minute", "rows/min"),
        ("concurrent_requests", "concurrent"), ("concurrent_batches", "batches"), ("daily_budget", "per day"), ("monthly_budget", "per month"), ("budget_alert_at", "alert at"),
    ];

    /// <summary>Shows the limits that hold for tenants.</summary>
    public static void PrintList(IAnsiConsole console, IEnumerable<JsonElement> tenants)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("tenant").AddColumns([.. Limits.Select(limit => limit.Title)]);
        foreach (var tenant in tenants)
            table.AddRow([NameOf(tenant), .. Limits.Select(limit => TextOf(tenant.GetProperty("holds"), limit.Field))]);
        console.Write(table);
    }

    /// <summary>Shows the limits that hold for one tenant, and where they come from.</summary>
    public static void Print(IAnsiConsole console, JsonElement tenant)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns(NameOf(tenant), "limit", "from");
        var hasBudget = IsSet(tenant, "daily_budget") || IsSet(tenant, "monthly_budget");
        foreach (var (field, title) in Limits)
        {
            var isOwn = IsSet(tenant, field) || (hasBudget && field.Contains("budget", StringComparison.Ordinal));
            table.AddRow(title, TextOf(tenant.GetProperty("holds"), field), isOwn ? "its own" : "the configuration");
        }

        console.Write(table);
    }

    private static string NameOf(JsonElement tenant) => Markup.Escape(tenant.GetProperty("tenant").GetString()!);

    private static bool IsSet(JsonElement tenant, string field) => tenant.GetProperty(field).ValueKind == JsonValueKind.Number;

    // Of numbers 0 is no limit; of budgets it is nothing to spend.
    private static string TextOf(JsonElement limits, string field) =>
        !IsSet(limits, field) || (!field.Contains("budget", StringComparison.Ordinal) && limits.GetProperty(field).GetInt32() == 0)
            ? "none"
            : limits.GetProperty(field).GetRawText();
}
