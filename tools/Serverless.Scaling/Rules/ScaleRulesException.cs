namespace Serverless.Scaling;

/// <summary>A file of scale rules is wrong; the message names file, member and what is allowed.</summary>
public sealed class ScaleRulesException(string message, Exception? inner = null) : ArgumentException(message, inner);
