namespace Serverless.Scaling.Tests;

/// <summary>Rules that are easy to reckon with.</summary>
internal static class Examples
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 6, 0, 0, TimeSpan.Zero);

    /// <summary>Ten requests at once or five messages a replica, asked every 30 s, gone after 300 s.</summary>
    public static WorkerScale Rules(int min = 0, int max = 100, params PreWarmWindow[] preWarm) => new(
        min, max, 10, new Dictionary<string, QueueScale> { ["work"] = new(5, 2) }, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(300),
        TimeSpan.FromSeconds(60), 100, preWarm);
}
