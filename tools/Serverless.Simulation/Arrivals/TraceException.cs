namespace Serverless.Simulation;

/// <summary>A trace is wrong; the message names file, line and what is allowed.</summary>
public sealed class TraceException(string message) : ArgumentException(message);
