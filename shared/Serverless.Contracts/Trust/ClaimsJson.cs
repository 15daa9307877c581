using System.Text.Json.Serialization;

namespace Serverless.Contracts.Trust;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(GatewayClaims))]
internal sealed partial class ClaimsJson : JsonSerializerContext;
