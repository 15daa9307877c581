using System.Text.Json;

namespace Serverless.Inference.Generation.Text.Tokenization;

/// <summary>Fields of a <c>tokenizer.json</c>, none of which can be relied upon.</summary>
internal static class TokenizerJson
{
    /// <summary>The object called <paramref name="name"/>; null where there is none.</summary>
    public static JsonElement? Part(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object ? part : null;

    /// <summary>The kind of a part; empty where it does not say.</summary>
    public static string TypeOf(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object ? Text(part, "type") ?? string.Empty : string.Empty;

    public static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;

    public static int? Number(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var number)
        && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var value)
            ? value
            : null;

    public static bool IsTrue(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;

    /// <summary>The elements of the array called <paramref name="name"/>; none where there is no such array.</summary>
    public static List<JsonElement> List(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];
}
