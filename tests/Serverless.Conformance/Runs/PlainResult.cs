using Serverless.Conformance.Data;

namespace Serverless.Conformance.Runs;

/// <summary>A case under ONNX Runtime alone.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why, unless it passed.</param>
internal sealed record PlainResult(PlainOutcome Outcome, string? Reason)
{
    public IReadOnlyList<CaseTensor> Inputs { get; init; } = [];

    public IReadOnlyList<CaseTensor> Expected { get; init; } = [];

    public IReadOnlyList<CaseTensor> Outputs { get; init; } = [];
}
