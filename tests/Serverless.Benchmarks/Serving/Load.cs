namespace Serverless.Benchmarks.Serving;

/// <summary>A fixed number of requests over a fixed number of connections, and what they cost.</summary>
/// <param name="PerSecond">Requests per second.</param>
/// <param name="P50">Median latency, ms.</param>
/// <param name="P99">99th percentile, ms.</param>
/// <param name="ProcessorMicroseconds">The server's processor time per request.</param>
/// <param name="GeneratorMicroseconds">The generator's.</param>
/// <param name="AnswerBytes">Mean size of an answer's body.</param>
internal sealed record Load(
    double PerSecond, double P50, double P99, double ProcessorMicroseconds, double GeneratorMicroseconds, double AnswerBytes);
