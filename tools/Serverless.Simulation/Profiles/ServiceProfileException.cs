namespace Serverless.Simulation;

/// <summary>A profile is wrong; the message names file, member and what is allowed.</summary>
public sealed class ServiceProfileException(string message, Exception? inner = null) : ArgumentException(message, inner);
