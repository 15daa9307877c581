using System.Text.Json.Serialization;

namespace Serverless.Gateway.Warming;

[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(WarmBody))]
internal sealed partial class WarmJson : JsonSerializerContext;
