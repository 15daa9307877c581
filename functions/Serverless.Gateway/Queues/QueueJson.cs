using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Contracts.Queues;

namespace Serverless.Gateway.Queues;

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(InferenceMessage))]
internal sealed partial class QueueJson : JsonSerializerContext;
