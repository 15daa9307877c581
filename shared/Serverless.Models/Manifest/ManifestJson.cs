using System.Text.Json.Serialization;
using Serverless.Models.Aliases;
using Serverless.Models.Rejections;

namespace Serverless.Models.Manifest;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ModelManifest))]
[JsonSerializable(typeof(ModelAlias))]
[JsonSerializable(typeof(RejectedCandidate))]
internal sealed partial class ManifestJson : JsonSerializerContext;
