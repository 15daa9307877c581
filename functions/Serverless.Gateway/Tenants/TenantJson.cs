using System.Text.Json;

namespace Serverless.Gateway.Tenants;

/// <summary>How tenants are shown.</summary>
internal static class TenantJson
{
    /// <param name="json">Where to.</param>
    /// <param name="tenant">The tenant's name.</param>
    /// <param name="row">Its own limits; null when it has none.</param>
    /// <param name="holds">The limits that hold for it.</param>
    public static void Write(Utf8JsonWriter json, string tenant, TenantRow? row, TenantLimits holds)
    {
        json.WriteStartObject();
        json.WriteString("object", "tenant");
        json.WriteString("tenant", tenant);
        WriteLimits(
            json, row?.RequestsPerMinute, row?.ConcurrentBatches, (decimal?)row?.DailyBudget, (decimal?)row?.MonthlyBudget, (decimal?)row?.BudgetAlertAt);
        WriteNumber(json, "updated_at", row?.Timestamp?.ToUnixTimeSeconds());
        json.WriteStartObject("holds");
        var budget = holds.Budget;
        WriteLimits(json, holds.RequestsPerMinute, holds.ConcurrentBatches, budget?.Daily, budget?.Monthly, budget?.AlertAt);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteLimits(Utf8JsonWriter json, int? requests, int? batches, decimal? daily, decimal? monthly, decimal? alertAt)
    {
        WriteNumber(json, "requests_per_minute", requests);
        WriteNumber(json, "concurrent_batches", batches);
        WriteNumber(json, "daily_budget", daily);
        WriteNumber(json, "monthly_budget", monthly);
        WriteNumber(json, "budget_alert_at", alertAt);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}
