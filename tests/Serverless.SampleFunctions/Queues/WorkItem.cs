namespace Serverless.SampleFunctions.Queues;

/// <summary>A message that a function takes as an object.</summary>
public sealed record WorkItem(string Name, int Count);
