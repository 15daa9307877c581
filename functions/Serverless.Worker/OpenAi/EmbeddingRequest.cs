using Serverless.Inference.Embeddings;

namespace Serverless.Worker.OpenAi;

/// <summary>A request to <c>/v1/embeddings</c>.</summary>
/// <param name="Model">The model as the caller named it.</param>
/// <param name="Inputs">What to embed, 1 to 2048.</param>
/// <param name="Base64">Whether vectors are answered as base64 of little-endian floats.</param>
internal sealed record EmbeddingRequest(string Model, IReadOnlyList<EmbeddingInput> Inputs, bool Base64);
