namespace Serverless.Benchmarks.Serving.Baselines;

/// <summary>How a loop in process runs a model.</summary>
/// <param name="Batch">Rows per run.</param>
/// <param name="IntraOpThreads">Threads within a run.</param>
/// <param name="Loops">Runs side by side, each with a session of its own.</param>
internal sealed record RawSetting(int Batch, int IntraOpThreads, int Loops)
{
    /// <summary>Every batch size and way to use two cores that could be the best.</summary>
    public static IReadOnlyList<RawSetting> All { get; } =
        [.. from batch in new[] { 1, 4, 8, 16, 32 } from way in Ways select new RawSetting(batch, way.IntraOpThreads, way.Loops)];

    /// <summary>The ways alone.</summary>
    public static IReadOnlyList<(int IntraOpThreads, int Loops)> Ways => [(1, 1), (2, 1), (1, 2)];
}
