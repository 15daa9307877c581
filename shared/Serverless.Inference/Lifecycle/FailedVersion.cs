namespace Serverless.Inference.Lifecycle;

/// <summary>A version newer than the one that is served, which could not be loaded.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Reason">Why.</param>
public sealed record FailedVersion(int Version, string Reason);
