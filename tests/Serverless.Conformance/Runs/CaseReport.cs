using Serverless.Conformance.Data;

namespace Serverless.Conformance.Runs;

/// <summary>A case under ONNX Runtime alone and over each of the worker's protocols.</summary>
/// <param name="Case">The case.</param>
/// <param name="Plain">What ONNX Runtime alone makes of it.</param>
internal sealed record CaseReport(OnnxCase Case, PlainResult Plain)
{
    public Verdict? Binary { get; init; }

    public Verdict? Grpc { get; init; }

    /// <summary>Null where JSON cannot carry the case.</summary>
    public Verdict? Json { get; init; }

    public IEnumerable<Verdict> Verdicts => new[] { Binary, Grpc, Json }.OfType<Verdict>();
}
