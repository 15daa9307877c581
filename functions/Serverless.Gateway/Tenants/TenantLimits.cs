using Serverless.Gateway.Costs.Budgets;
using Serverless.Gateway.RateLimits;

namespace Serverless.Gateway.Tenants;

/// <summary>What a tenant may ask for.</summary>
/// <param name="RequestsPerMinute">Requests per minute, of each gateway; 0 for no limit.</param>
/// <param name="TokensPerMinute">Tokens per minute, of each gateway; 0 for no limit.</param>
/// <param name="RowsPerMinute">Rows per minute, of each gateway; 0 for no limit.</param>
/// <param name="ConcurrentRequests">Requests that each replica of the worker has at hand at a time; 0 for no limit.</param>
/// <param name="ConcurrentBatches">Batches that are at work at a time; 0 for no limit.</param>
/// <param name="Budget">What it may spend; null for what it likes.</param>
internal sealed record TenantLimits(
    int RequestsPerMinute = 0, int TokensPerMinute = 0, int RowsPerMinute = 0, int ConcurrentRequests = 0, int ConcurrentBatches = 0, Budget? Budget = null)
{
    /// <summary>The limit per minute of <paramref name="unit"/>; 0 for none.</summary>
    public int PerMinute(RateUnit unit) => unit switch
    {
        RateUnit.Tokens => TokensPerMinute,
        RateUnit.Rows => RowsPerMinute,
        _ => RequestsPerMinute,
    };
}
