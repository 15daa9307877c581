namespace Serverless.Models.Manifest;

/// <summary>How far decoded floats are from those that were encoded.</summary>
/// <param name="Max">The largest absolute difference.</param>
/// <param name="Mean">The mean absolute difference.</param>
public sealed record CodecError(double Max, double Mean);
