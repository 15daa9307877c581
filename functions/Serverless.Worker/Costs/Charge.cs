namespace Serverless.Worker.Costs;

/// <summary>What an interval cost one tenant for one model.</summary>
/// <param name="Tenant">The tenant, or <see cref="Serverless.Contracts.Costs.CostTables.Idle"/>.</param>
/// <param name="Model">The model; empty where none ran.</param>
/// <param name="Nanos">Billionths of the currency's unit.</param>
/// <param name="Device">The tenant's share of the time for which the model ran.</param>
/// <param name="Requests">Requests answered.</param>
internal readonly record struct Charge(string Tenant, string Model, long Nanos, TimeSpan Device, long Requests);
