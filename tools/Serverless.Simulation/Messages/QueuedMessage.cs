namespace Serverless.Simulation;

/// <summary>A message that waits in its queue.</summary>
/// <param name="ArrivedTicks">When it came.</param>
/// <param name="Service">How long it will be worked on.</param>
/// <param name="Began">Whether a replica had it before.</param>
internal readonly record struct QueuedMessage(long ArrivedTicks, TimeSpan Service, bool Began = false);
