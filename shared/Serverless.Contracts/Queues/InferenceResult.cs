using System.Text.Json;
using Serverless.Contracts.Storage;

namespace Serverless.Contracts.Queues;

/// <summary>The answer to an <see cref="InferenceMessage"/>: blob <c>{id}.json</c> in the container <see cref="BlobContainers.Results"/>.</summary>
/// <param name="Id">The message's id.</param>
/// <param name="Status">The HTTP status that the same request would have had.</param>
/// <param name="Response">The response's body when <see cref="Status"/> is 200.</param>
/// <param name="Error">The error object of the endpoint's protocol otherwise.</param>
public sealed record InferenceResult(string Id, int Status, JsonElement? Response = null, JsonElement? Error = null);
