namespace Serverless.Simulation;

/// <summary>One request or message of a trace.</summary>
/// <param name="At">When it came.</param>
/// <param name="ContextTokens">Tokens of its prompt, or of its input; at least 0.</param>
/// <param name="GeneratedTokens">Tokens of its answer; 0 for what generates nothing.</param>
/// <param name="Queue">The queue that it came by, one of the rules; null for a request over HTTP.</param>
public readonly record struct Arrival(DateTimeOffset At, int ContextTokens, int GeneratedTokens, string? Queue = null);
