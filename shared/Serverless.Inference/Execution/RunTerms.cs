namespace Serverless.Inference.Execution;

/// <summary>On what terms a run waits for its turn.</summary>
/// <param name="Deadline">
/// When the answer must be ready, as a timestamp of the engine's <see cref="TimeProvider"/>; null for no deadline. What cannot be ready by
/// then is refused at once or dropped before it runs.
/// </param>
/// <param name="Priority">Which requests go first.</param>
/// <param name="Tenant">On whose behalf; tenants share a model by weight. Null and empty are the same tenant.</param>
/// <param name="Weight">The tenant's share beside others, 1 unless set; zero and less count as 1.</param>
public readonly record struct RunTerms(
    long? Deadline = null, RunPriority Priority = RunPriority.Interactive, string? Tenant = null, int Weight = 1)
{
    /// <summary>No deadline, interactive, no tenant.</summary>
    public static RunTerms Default => new(null);
}
