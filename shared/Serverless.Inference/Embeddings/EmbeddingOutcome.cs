namespace Serverless.Inference.Embeddings;

/// <summary>Vectors, in the order of the inputs.</summary>
/// <param name="Vectors">One vector of length 1 for each input.</param>
/// <param name="Tokens">Tokens of all inputs, special tokens included.</param>
/// <param name="Queue">The longest that a row waited.</param>
/// <param name="Run">How long the graph ran for these rows: of runs with rows of others, their part.</param>
public sealed record EmbeddingOutcome(IReadOnlyList<float[]> Vectors, int Tokens, TimeSpan Queue, TimeSpan Run)
{
    /// <summary>The request's share of the time for which the graph ran.</summary>
    public TimeSpan Device { get; init; }
}
