using Serverless.Gateway.Costs.Budgets;

namespace Serverless.Gateway.Tenants;

/// <summary>What a tenant may ask for.</summary>
/// <param name="RequestsPerMinute">Requests per minute, of each gateway; 0 for no limit.</param>
/// <param name="ConcurrentBatches">Batches that are at work at a time; 0 for no limit.</param>
/// <param name="Budget">What it may spend; null for what it likes.</param>
internal sealed record TenantLimits(int RequestsPerMinute, int ConcurrentBatches, Budget? Budget);
