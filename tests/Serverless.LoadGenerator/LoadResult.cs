namespace Serverless.LoadGenerator;

/// <summary>What came of a job: one line of JSON on standard output.</summary>
/// <param name="Streams">Per stream of the job, in its order.</param>
/// <param name="Seconds">From the first request to the last answer.</param>
/// <param name="GeneratorMicroseconds">The generator's own processor time per request.</param>
/// <param name="Error">Why there is no result, or null.</param>
internal sealed record LoadResult(IReadOnlyList<StreamResult> Streams, double Seconds, double GeneratorMicroseconds, string? Error = null);
