namespace Serverless.Cli.Top;

/// <summary>A replica of the worker.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="State">Its state in the words of who runs it; null when nobody says.</param>
/// <param name="Metrics">Where its metrics are.</param>
internal sealed record Replica(string Name, string? State, Uri Metrics);
