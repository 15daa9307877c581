using System.Text.Json.Serialization;

namespace Serverless.Gateway.Tenants;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(TenantRequest))]
internal sealed partial class TenantJsonContext : JsonSerializerContext;
