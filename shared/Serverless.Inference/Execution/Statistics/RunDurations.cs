namespace Serverless.Inference.Execution.Statistics;

/// <summary>Where the time of one run went.</summary>
internal readonly record struct RunDurations(TimeSpan Input, TimeSpan Infer, TimeSpan Output);
