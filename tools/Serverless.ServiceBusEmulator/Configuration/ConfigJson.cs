using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.ServiceBusEmulator.Configuration;

/// <summary>The file that the official emulator ships has comments.</summary>
[JsonSourceGenerationOptions(
    ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ConfigDocument))]
internal sealed partial class ConfigJson : JsonSerializerContext;
