namespace Serverless.Simulation;

/// <summary>A request that waits.</summary>
/// <param name="ArrivedTicks">When it came.</param>
/// <param name="Service">How long it will be worked on.</param>
internal readonly record struct Pending(long ArrivedTicks, TimeSpan Service);
