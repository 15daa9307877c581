using System.Text.Json.Serialization;

namespace Serverless.Gateway.Batches;

[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(BatchRequest))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(List<BatchError>))]
internal sealed partial class BatchRequestJson : JsonSerializerContext;
