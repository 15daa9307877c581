namespace Serverless.Worker.InProcess;

/// <summary>What an endpoint of this worker answered to a request from within.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body; JSON at every endpoint that infers.</param>
/// <param name="RetryAfter">When a retry makes sense, where the answer says so.</param>
internal readonly record struct LocalAnswer(int Status, ReadOnlyMemory<byte> Body, TimeSpan? RetryAfter = null);
