namespace Serverless.Gateway.Warming;

/// <summary>What became of warming something up.</summary>
/// <param name="Error">Why it failed; null when it is warm.</param>
/// <param name="Took">How long it took.</param>
internal sealed record Warmth(string? Error, TimeSpan Took);
