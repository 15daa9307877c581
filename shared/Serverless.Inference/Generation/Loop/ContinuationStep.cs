using Serverless.Inference.Generation.Sampling;

namespace Serverless.Inference.Generation.Loop;

/// <summary>What one token did for a continuation.</summary>
/// <param name="Text">Text that it made certain.</param>
/// <param name="Logprob">How likely it was, where that was asked for.</param>
/// <param name="Finish">Why the continuation ends with it; null while it goes on.</param>
internal readonly record struct ContinuationStep(string Text, TokenLogprob? Logprob, FinishReason? Finish);
