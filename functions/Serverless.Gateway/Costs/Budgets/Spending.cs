namespace Serverless.Gateway.Costs.Budgets;

/// <summary>What a tenant has spent.</summary>
/// <param name="Today">Since the day began.</param>
/// <param name="Month">Since the month began.</param>
internal readonly record struct Spending(decimal Today, decimal Month);
