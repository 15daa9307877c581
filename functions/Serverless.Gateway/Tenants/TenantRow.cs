using Azure;
using Azure.Data.Tables;
using Serverless.Gateway.Costs.Budgets;

namespace Serverless.Gateway.Tenants;

/// <summary>A tenant's own limits as they rest in their table; null for what the configuration says.</summary>
internal sealed class TenantRow : ITableEntity
{
    public const string Partition = "tenant";

    public string PartitionKey { get; set; } = Partition;

    /// <summary>The tenant's name as a key.</summary>
    public required string RowKey { get; set; }

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    /// <summary>The tenant's name.</summary>
    public string Tenant { get; set; } = "";

    public int? RequestsPerMinute { get; set; }

    public int? TokensPerMinute { get; set; }

    public int? RowsPerMinute { get; set; }

    public int? ConcurrentRequests { get; set; }

    public int? ConcurrentBatches { get; set; }

    public double? DailyBudget { get; set; }

    public double? MonthlyBudget { get; set; }

    public double? BudgetAlertAt { get; set; }

    /// <summary>The limits that hold beside those of the configuration. A budget is one thing: either is whole.</summary>
    public TenantLimits Over(TenantLimits configured) => new(
        RequestsPerMinute ?? configured.RequestsPerMinute,
        TokensPerMinute ?? configured.TokensPerMinute,
        RowsPerMinute ?? configured.RowsPerMinute,
        ConcurrentRequests ?? configured.ConcurrentRequests,
        ConcurrentBatches ?? configured.ConcurrentBatches,
        (DailyBudget, MonthlyBudget) is (null, null) ? configured.Budget : OwnBudget());

    private Budget OwnBudget()
    {
        var budget = new Budget { Tenant = Tenant, Daily = (decimal?)DailyBudget, Monthly = (decimal?)MonthlyBudget };
        if (BudgetAlertAt is { } part)
            budget.AlertAt = (decimal)part;
        return budget;
    }
}
