namespace Serverless.Optimization.Partitioning;

/// <summary>A stage of a partitioned model.</summary>
/// <param name="Graph">Its file.</param>
/// <param name="WeightBytes">What its weights take.</param>
/// <param name="Received">Values that earlier stages hand to it.</param>
/// <param name="Sent">Values that later stages need of it.</param>
public sealed record PartitionStage(string Graph, long WeightBytes, IReadOnlyList<string> Received, IReadOnlyList<string> Sent);
