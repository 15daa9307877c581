using System.Text.Json.Serialization;
using Serverless.Inference.Execution;

namespace Serverless.Worker.Serving;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ServingChange))]
internal sealed partial class ServingSettingsJson : JsonSerializerContext;
