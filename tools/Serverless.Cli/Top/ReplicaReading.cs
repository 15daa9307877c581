namespace Serverless.Cli.Top;

/// <summary>A replica as it was found.</summary>
/// <param name="Replica">Which.</param>
/// <param name="Metrics">What its metrics say.</param>
/// <param name="Age">How long it has run, by its own clock.</param>
internal sealed record ReplicaReading(Replica Replica, Part<Observation> Metrics, TimeSpan? Age)
{
    public string State => Replica.State ?? (Metrics.Value is null ? "unreachable" : "up");

    /// <summary>
    /// What it costs in an hour: what it was charged by its age, since the charges of a replica add up to its life times its price. Null
    /// without prices, and before its first charge.
    /// </summary>
    public double? CostPerHour =>
        Age is { TotalHours: > 0 } age && Metrics.Value?.Now.Sum("serverless_cost_charged") is { } charged ? charged / age.TotalHours : null;
}
