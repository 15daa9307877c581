using System.Buffers;
using System.Text.Json;
using Serverless.Worker.Json;

namespace Serverless.Worker.Generation.Chat;

/// <summary>
/// Reads <c>messages</c> into the form that chat templates know: content is one text, and instructions of the developer are the system's.
/// </summary>
internal static class ChatMessages
{
    private const int MaxMessages = 2048;

    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool"];

    public static JsonElement Read(ref Utf8JsonReader reader, string name)
    {
        JsonValues.Expect(ref reader, JsonTokenType.StartArray, name);
        var messages = JsonElement.ParseValue(ref reader);
        JsonTexts.Check(messages, name);
        if (messages.GetArrayLength() is 0 or > MaxMessages)
            throw JsonValues.Invalid($"{name} must hold 1 to {MaxMessages} messages.", name);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            var count = 0;
            foreach (var message in messages.EnumerateArray())
                Write(json, message, $"{name}[{count++}]");
            json.WriteEndArray();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter json, JsonElement message, string where)
    {
        if (message.ValueKind != JsonValueKind.Object)
            throw JsonValues.Invalid($"{where} must be an object with role and content.", where);
        var role = RoleOf(message, where);
        json.WriteStartObject();
        json.WriteString("role", role == "developer" ? "system" : role);
        json.WritePropertyName("content");
        WriteContent(json, message, role, $"{where}.content");
        foreach (var property in message.EnumerateObject())
        {
            if (property.Name is not ("role" or "content"))
                property.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static string RoleOf(JsonElement message, string where) =>
        message.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String && Roles.Contains(role.GetString())
            ? role.GetString()!
            : throw JsonValues.Invalid($"{where}.role must be one of {string.Join(", ", Roles)}.", $"{where}.role");

    private static void WriteContent(Utf8JsonWriter json, JsonElement message, string role, string where)
    {
        message.TryGetProperty("content", out var content);
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                content.WriteTo(json);
                break;
            case JsonValueKind.Array:
                json.WriteStringValue(string.Concat(Parts(content, where)));
                break;
            // An answer that called tools, or was refused, has no text.
            case JsonValueKind.Undefined or JsonValueKind.Null when role == "assistant":
                json.WriteNullValue();
                break;
            default:
                throw JsonValues.Invalid($"{where} must be a string or an array of text parts.", where);
        }
    }

    private static IEnumerable<string> Parts(JsonElement content, string where)
    {
        var count = 0;
        foreach (var part in content.EnumerateArray())
        {
            var isText = part.ValueKind == JsonValueKind.Object
                && part.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("text");
            if (!isText || !part.TryGetProperty("text", out var text) || text.ValueKind != JsonValueKind.String)
            {
                throw JsonValues.Invalid(
                    $$"""{{where}}[{{count}}] must be {"type": "text", "text": …}: models here read text alone.""", $"{where}[{count}]");
            }

            count++;
            yield return text.GetString()!;
        }
    }
}
