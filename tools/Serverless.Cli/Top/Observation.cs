namespace Serverless.Cli.Top;

/// <summary>A process as its metrics show it.</summary>
/// <param name="Now">What it says now.</param>
/// <param name="Change">What changed lately; null when it was not seen before.</param>
internal sealed record Observation(Scrape Now, Change? Change);
