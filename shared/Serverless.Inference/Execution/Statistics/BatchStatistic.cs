namespace Serverless.Inference.Execution.Statistics;

/// <summary>Runs of one number of rows.</summary>
/// <param name="Rows">How many rows ran together.</param>
/// <param name="ComputeInput">Putting inputs together.</param>
/// <param name="ComputeInfer">Running the graph.</param>
/// <param name="ComputeOutput">Taking outputs apart.</param>
public sealed record BatchStatistic(
    int Rows, DurationStatistic ComputeInput, DurationStatistic ComputeInfer, DurationStatistic ComputeOutput);
