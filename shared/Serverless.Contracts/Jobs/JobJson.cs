using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Contracts.Jobs;

/// <summary>How the messages of jobs are written: camel case, enums by name.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ShardMessage))]
[JsonSerializable(typeof(BatchEvent))]
public sealed partial class JobJson : JsonSerializerContext;
