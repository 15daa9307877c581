using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Jobs;
using Serverless.Gateway.RateLimits;

namespace Serverless.Gateway.Tenants;

/// <summary>The body of <c>PUT /v1/admin/tenants/TENANT</c>: all of the tenant's own limits; the configuration's hold for what is not there.</summary>
/// <param name="RequestsPerMinute">0, no limit, to 10,000,000.</param>
/// <param name="TokensPerMinute">0, no limit, to 1,000,000,000.</param>
/// <param name="RowsPerMinute">0, no limit, to 1,000,000,000.</param>
/// <param name="ConcurrentRequests">0, no limit, to 100,000.</param>
/// <param name="ConcurrentBatches">0, no limit, to 1,000.</param>
/// <param name="DailyBudget">What it may spend in a day of UTC, in the currency of prices; 0 at least.</param>
/// <param name="MonthlyBudget">What it may spend in a month of UTC.</param>
/// <param name="BudgetAlertAt">From which part of a budget answers tell of it, above 0 and up to 1; 0.8 unless given.</param>
internal sealed record TenantRequest(
    int? RequestsPerMinute = null, int? TokensPerMinute = null, int? RowsPerMinute = null,
    int? ConcurrentRequests = null, int? ConcurrentBatches = null, decimal? DailyBudget = null, decimal? MonthlyBudget = null,
    decimal? BudgetAlertAt = null)
{
    // Far above any bill, and exact in a table's numbers.
    private const decimal LargestBudget = 1_000_000_000;

    /// <exception cref="InferenceException">What is wrong with it.</exception>
    public static TenantRequest Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, TenantJsonContext.Default.TenantRequest) ?? throw new JsonException();
        }
        catch (JsonException exception)
        {
            throw new InferenceException(
                ErrorKind.InvalidRequest,
                "The body must be a JSON object with 'requests_per_minute', 'tokens_per_minute', 'rows_per_minute', 'concurrent_requests', "
                + "'concurrent_batches', 'daily_budget', 'monthly_budget' and 'budget_alert_at', all numbers.",
                inner: exception);
        }
    }

    /// <summary>The row of <paramref name="tenant"/> with these limits.</summary>
    /// <exception cref="InferenceException">What is wrong with the request.</exception>
    public TenantRow ToRow(string tenant)
    {
        if (this == new TenantRequest())
            throw Invalid("requests_per_minute", "At least one limit must be set; DELETE gives a tenant back to the configuration.");
        Check(RequestsPerMinute, "requests_per_minute", RateLimitOptions.MostRequests);
        Check(TokensPerMinute, "tokens_per_minute", RateLimitOptions.MostUsage);
        Check(RowsPerMinute, "rows_per_minute", RateLimitOptions.MostUsage);
        Check(ConcurrentRequests, "concurrent_requests", RateLimitOptions.MostConcurrent);
        Check(ConcurrentBatches, "concurrent_batches", RateLimitOptions.MostBatches);
        Check(DailyBudget, "daily_budget", LargestBudget);
        Check(MonthlyBudget, "monthly_budget", LargestBudget);
        if (BudgetAlertAt is <= 0 or > 1)
            throw Invalid("budget_alert_at", "'budget_alert_at' must be above 0 and up to 1.");
        if (BudgetAlertAt is not null && DailyBudget is null && MonthlyBudget is null)
            throw Invalid("budget_alert_at", "'budget_alert_at' needs 'daily_budget' or 'monthly_budget'.");
        return new TenantRow
        {
            RowKey = TenantKey.Of(tenant),
            Tenant = tenant,
            RequestsPerMinute = RequestsPerMinute,
            TokensPerMinute = TokensPerMinute,
            RowsPerMinute = RowsPerMinute,
            ConcurrentRequests = ConcurrentRequests,
            ConcurrentBatches = ConcurrentBatches,
            DailyBudget = (double?)DailyBudget,
            MonthlyBudget = (double?)MonthlyBudget,
            BudgetAlertAt = (double?)BudgetAlertAt,
        };
    }

    private static void Check(decimal? value, string field, decimal most)
    {
        if (value < 0 || value > most)
            throw Invalid(field, FormattableString.Invariant($"'{field}' must be from 0 to {most}."));
    }

    private static InferenceException Invalid(string field, string message) => new(ErrorKind.InvalidRequest, message, field);
}
