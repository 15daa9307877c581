using System.Text.Json;

namespace Serverless.Inference.Generation.Text.Templates.Values;

/// <summary>JSON from the caller as template values.</summary>
internal static class CallerValue
{
    public static object? Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => TemplateText.Of(json.GetString()!, fromCaller: true),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => json.TryGetInt64(out var whole) ? (object)whole : json.GetDouble(),
        JsonValueKind.Array => json.EnumerateArray().Select(Of).ToList(),
        JsonValueKind.Object => Map(json),
        _ => null,
    };

    private static TemplateMap Map(JsonElement json)
    {
        var map = new TemplateMap(keysFromCaller: true);
        foreach (var property in json.EnumerateObject())
            map.Entries[property.Name] = Of(property.Value);
        return map;
    }
}
