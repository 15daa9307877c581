using System.Text.Json;

namespace Serverless.FunctionsHost.Functions;

/// <summary>One entry of a function's bindings, as the worker describes it in JSON.</summary>
internal sealed record FunctionBinding(string Name, string Type, bool IsOutput, JsonElement Raw)
{
    public static FunctionBinding Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement.Clone();
        return new FunctionBinding(
            Text(root, "name") ?? "",
            Text(root, "type") ?? "",
            string.Equals(Text(root, "direction"), "Out", StringComparison.OrdinalIgnoreCase),
            root);
    }

    public bool Is(string type) => string.Equals(Type, type, StringComparison.OrdinalIgnoreCase);

    public string? Text(string property) => Text(Raw, property);

    public bool Flag(string property) =>
        Find(Raw, property) is { } value
        && (value.ValueKind == JsonValueKind.True
            || (value.ValueKind == JsonValueKind.String && bool.TryParse(value.GetString(), out var flag) && flag));

    public IReadOnlyList<string> List(string property) =>
        Find(Raw, property) is { ValueKind: JsonValueKind.Array } values
            ? [.. values.EnumerateArray().Select(v => v.GetString() ?? "")]
            : [];

    /// <summary>Whether the parameter takes the whole message by reference (<c>QueueMessage</c>, <c>BinaryData</c>).</summary>
    public bool SupportsDeferredBinding =>
        Find(Raw, "properties") is { ValueKind: JsonValueKind.Object } properties
        && string.Equals(Text(properties, "supportsDeferredBinding"), "true", StringComparison.OrdinalIgnoreCase);

    private static string? Text(JsonElement element, string property) =>
        Find(element, property) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static JsonElement? Find(JsonElement element, string property)
    {
        foreach (var candidate in element.EnumerateObject())
            if (candidate.Name.Equals(property, StringComparison.OrdinalIgnoreCase)) return candidate.Value;
        return null;
    }
}
