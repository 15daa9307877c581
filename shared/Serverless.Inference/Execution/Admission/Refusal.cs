using Serverless.Contracts.Errors;

namespace Serverless.Inference.Execution.Admission;

/// <summary>Why a request may not wait.</summary>
/// <param name="Reason">For metrics: <c>full</c>, <c>deadline</c> or <c>expired</c>.</param>
/// <param name="Error">For the caller.</param>
internal sealed record Refusal(string Reason, InferenceError Error);
