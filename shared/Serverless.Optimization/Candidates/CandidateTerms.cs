using Serverless.Inference.Onnx.Preparation;
using Serverless.Models.Manifest;
using Serverless.Optimization.Evaluation;

namespace Serverless.Optimization.Candidates;

/// <summary>What candidates must hold, and on what.</summary>
/// <param name="References">What they are compared on.</param>
/// <param name="Thresholds">What they must reach.</param>
public sealed record CandidateTerms(ReferenceInputs References, GateThresholds Thresholds)
{
    /// <summary>What students are trained on; texts that they are measured on are left out.</summary>
    public IReadOnlyList<string> TrainingTexts { get; init; } = [];

    /// <summary>The most rows that are proved to run together; as many as the parent's unless set.</summary>
    public int? MaxBatch { get; init; }

    internal PreparationOptions ToOptions(ModelManifest parent) => new()
    {
        Task = parent.Task,
        MaxBatch = MaxBatch ?? Math.Max(1, parent.Batching?.MaxBatch ?? new PreparationOptions().MaxBatch),
        // What is not optimised for one provider stays so.
        Provider = parent.Optimization is null ? null : new PreparationOptions().Provider,
        Samples = References.Rows,
    };
}
