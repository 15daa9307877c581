namespace Serverless.Inference.Embeddings;

/// <summary>Vectors, in the order of the inputs.</summary>
/// <param name="Vectors">One vector of length 1 for each input.</param>
/// <param name="Tokens">Tokens of all inputs, special tokens included.</param>
/// <param name="Queue">How long the runs waited, in all.</param>
/// <param name="Run">How long the graph ran, in all.</param>
public sealed record EmbeddingOutcome(IReadOnlyList<float[]> Vectors, int Tokens, TimeSpan Queue, TimeSpan Run);
