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
        WriteRates(json, row?.RequestsPerMinute, row?.TokensPerMinute, row?.RowsPerMinute);
        WriteConcurrency(json, row?.ConcurrentRequests, row?.ConcurrentBatches);
        WriteBudget(json, (decimal?)row?.DailyBudget, (decimal?)row?.MonthlyBudget, (decimal?)row?.BudgetAlertAt);
        WriteNumber(json, "updated_at", row?.Timestamp?.ToUnixTimeSeconds());
        json.WriteStartObject("holds");
        WriteRates(json, holds.RequestsPerMinute, holds.TokensPerMinute, holds.RowsPerMinute);
        WriteConcurrency(json, holds.ConcurrentRequests, holds.ConcurrentBatches);
        WriteBudget(json, holds.Budget?.Daily, holds.Budget?.Monthly, holds.Budget?.AlertAt);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteRates(Utf8JsonWriter json, int? requests, int? tokens, int? rows)
    {
        WriteNumber(json, "requests_per_minute", requests);
        WriteNumber(json, "tokens_per_minute", tokens);
        WriteNumber(json, "rows_per_minute", rows);
    }

    private static void WriteConcurrency(Utf8JsonWriter json, int? requests, int? batches)
    {
        WriteNumber(json, "concurrent_requests", requests);
        WriteNumber(json, "concurrent_batches", batches);
    }

    private static void WriteBudget(Utf8JsonWriter json, decimal? daily, decimal? monthly, decimal? alertAt)
    {
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
