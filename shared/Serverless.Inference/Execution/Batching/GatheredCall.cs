namespace Serverless.Inference.Execution.Batching;

/// <summary>A call that waits to be run with others.</summary>
/// <param name="Instance">What runs it; null once it has been taken.</param>
/// <param name="Item">The call.</param>
internal readonly record struct GatheredCall(ModelInstance? Instance, WorkItem Item);
