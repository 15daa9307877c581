namespace Serverless.Inference.Execution.Statistics;

/// <summary>What a model version has done since it was loaded, in the terms of the protocol's statistics extension.</summary>
/// <param name="LastInference">When it last ran, in milliseconds since 1970; 0 when it never did.</param>
/// <param name="InferenceCount">Rows inferred.</param>
/// <param name="ExecutionCount">Runs of the graph; fewer than rows where rows ran together.</param>
/// <param name="Success">Requests answered, from arrival to answer.</param>
/// <param name="Fail">Requests that failed.</param>
/// <param name="Queue">Waiting for a turn.</param>
/// <param name="ComputeInput">Putting inputs together.</param>
/// <param name="ComputeInfer">Running the graph.</param>
/// <param name="ComputeOutput">Taking outputs apart.</param>
/// <param name="CacheHit">Requests answered from the response cache.</param>
/// <param name="CacheMiss">Requests that the response cache could not answer.</param>
/// <param name="Batches">Runs by number of rows, in order of rows.</param>
public sealed record ModelStatistics(
    long LastInference,
    long InferenceCount,
    long ExecutionCount,
    DurationStatistic Success,
    DurationStatistic Fail,
    DurationStatistic Queue,
    DurationStatistic ComputeInput,
    DurationStatistic ComputeInfer,
    DurationStatistic ComputeOutput,
    DurationStatistic CacheHit,
    DurationStatistic CacheMiss,
    IReadOnlyList<BatchStatistic> Batches);
