namespace Serverless.Conformance.Runs;

/// <summary>How a case went over one protocol.</summary>
/// <param name="Status">The answer's status.</param>
/// <param name="Fault">What was wrong; null when it answered as expected and as ONNX Runtime alone does.</param>
internal sealed record Verdict(int Status, string? Fault);
