using System.Text.Json.Serialization;

namespace Serverless.Gateway.Authentication.Keys;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(KeyRequest))]
internal sealed partial class KeyJsonContext : JsonSerializerContext;
