namespace Serverless.Benchmarks;

/// <summary>A run that proves nothing.</summary>
internal sealed class InvalidRunException(string message) : Exception(message);
