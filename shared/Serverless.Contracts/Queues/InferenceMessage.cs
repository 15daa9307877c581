using System.Text.Json;
using Serverless.Contracts.Storage;

namespace Serverless.Contracts.Queues;

/// <summary>
/// A request that waits in the storage queue <see cref="QueueNames.InferenceRequests"/> (base64 JSON) or in the Service Bus queue
/// <see cref="ServiceBusQueues.Inference"/> (JSON).
/// </summary>
/// <param name="Id">The caller's id, 1 to 128 of <c>[A-Za-z0-9._-]</c>, starting with a letter or digit; the answer's blob is named after it.</param>
/// <param name="Model">The model's name; may be left out where the endpoint or the body names it.</param>
/// <param name="Version">The version, or null for the newest.</param>
/// <param name="Endpoint">
/// The API that <see cref="Request"/> is written for: null or <c>/v2/models/infer</c> for an Open Inference Protocol request to the model,
/// a model's inference path, or one of <see cref="QueuedRequest.OpenAiEndpoints"/>.
/// </param>
/// <param name="Request">The request's body; exactly one of this and <see cref="Blob"/>.</param>
/// <param name="Blob">Claim check: the name of a blob in the container <see cref="BlobContainers.Inputs"/> that holds the body.</param>
/// <param name="TraceParent">The sender's trace, as W3C <c>traceparent</c>; null for none.</param>
public sealed record InferenceMessage(
    string? Id,
    string? Model,
    int? Version = null,
    string? Endpoint = null,
    JsonElement? Request = null,
    string? Blob = null,
    string? TraceParent = null);
