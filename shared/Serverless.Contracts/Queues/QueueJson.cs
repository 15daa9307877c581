using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Contracts.Queues;

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(InferenceMessage))]
public sealed partial class QueueJson : JsonSerializerContext;
