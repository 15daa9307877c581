namespace Serverless.Inference.Lifecycle;

/// <summary>A version that should be served and could not be loaded.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Reason">Why.</param>
public sealed record FailedVersion(int Version, string Reason);
