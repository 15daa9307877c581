namespace Serverless.Gateway.Batches.Validation;

/// <summary>Where a request lies in the input, and how much work it is.</summary>
internal readonly record struct RequestPosition(long Offset, long End, double Units);
