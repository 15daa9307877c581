namespace Serverless.Inference.Embeddings;

/// <summary>One text to embed, or its token ids.</summary>
/// <param name="Text">The text; null when <paramref name="Tokens"/> are given.</param>
/// <param name="Tokens">Token ids as the model takes them, special tokens included.</param>
/// <param name="Param">The request field that it came from, for messages.</param>
public readonly record struct EmbeddingInput(string? Text, long[]? Tokens, string Param);
