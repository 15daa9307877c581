namespace Serverless.Inference.Execution.Admission;

/// <summary>What bounds one batch.</summary>
/// <param name="Limits">Its size.</param>
/// <param name="Now">When it starts.</param>
/// <param name="Longest">How long it may run, in the clock's ticks.</param>
internal readonly record struct FillBounds(TakeLimits Limits, long Now, double Longest);
