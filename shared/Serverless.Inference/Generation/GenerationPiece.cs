using Serverless.Inference.Generation.Sampling;

namespace Serverless.Inference.Generation;

/// <summary>The next piece of one continuation.</summary>
/// <param name="Choice">Which continuation, from 0.</param>
/// <param name="Text">
/// Text that can no longer change: whole characters, and nothing that could turn out to be the start of a stop text. May be empty.
/// </param>
/// <param name="Tokens">The tokens that it came from with their log probabilities; empty unless asked for.</param>
/// <param name="Finish">Why the continuation ends with this piece; null while it goes on.</param>
public readonly record struct GenerationPiece(
    int Choice, string Text, IReadOnlyList<TokenLogprob> Tokens, FinishReason? Finish);
