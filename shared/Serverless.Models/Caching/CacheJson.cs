using System.Text.Json.Serialization;

namespace Serverless.Models.Caching;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CacheStamp))]
internal sealed partial class CacheJson : JsonSerializerContext;
