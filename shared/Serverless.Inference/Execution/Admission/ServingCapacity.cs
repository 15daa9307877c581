namespace Serverless.Inference.Execution.Admission;

/// <summary>What serves a queue.</summary>
/// <param name="Instances">Runs that go side by side.</param>
/// <param name="Idle">Those of them that wait for work.</param>
/// <param name="UntilIdle">Until the next one is idle, in the clock's ticks.</param>
/// <param name="Units">The largest run.</param>
internal readonly record struct ServingCapacity(int Instances, int Idle, double UntilIdle, long Units);
