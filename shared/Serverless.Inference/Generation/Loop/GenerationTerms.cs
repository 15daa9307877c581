using Serverless.Inference.Execution;

namespace Serverless.Inference.Generation.Loop;

/// <summary>A request's bounds once they were checked.</summary>
internal sealed record GenerationTerms(int[] Prompt, int MaxTokens, RunTerms Run, CancellationToken Cancellation);
