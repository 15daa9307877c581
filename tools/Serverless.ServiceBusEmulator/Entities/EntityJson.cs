using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.ServiceBusEmulator.Entities;

/// <summary>How descriptions are kept in the store.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(EntityDescription))]
internal sealed partial class EntityJson : JsonSerializerContext
{
    public static string Write(EntityDescription description) => JsonSerializer.Serialize(description, Default.EntityDescription);

    public static EntityDescription Read(string json) =>
        JsonSerializer.Deserialize(json, Default.EntityDescription)
        ?? throw new InvalidDataException("An entity's description in the store is empty.");
}
