namespace Serverless.Inference.Accounting;

/// <summary>What was counted on one account.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Tenant">On whose behalf it ran; empty where nobody was named.</param>
/// <param name="Device">The tenant's share of the time for which the model ran.</param>
/// <param name="Requests">How many of its requests were answered.</param>
public readonly record struct DeviceShare(string Model, string Tenant, TimeSpan Device, long Requests);
