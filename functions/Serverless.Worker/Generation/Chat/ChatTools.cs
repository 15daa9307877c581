using System.Text.Json;
using Serverless.Worker.Json;

namespace Serverless.Worker.Generation.Chat;

/// <summary>Reads <c>tools</c>, which the chat template tells the model of.</summary>
internal static class ChatTools
{
    private const int MaxTools = 128;

    /// <summary>The tools; null where the array is empty.</summary>
    public static JsonElement? Read(ref Utf8JsonReader reader, string name)
    {
        JsonValues.Expect(ref reader, JsonTokenType.StartArray, name);
        var tools = JsonElement.ParseValue(ref reader);
        JsonTexts.Check(tools, name);
        if (tools.GetArrayLength() > MaxTools)
            throw JsonValues.Invalid($"{name} has more than {MaxTools} items.", name);
        var count = 0;
        foreach (var tool in tools.EnumerateArray())
            Check(tool, $"{name}[{count++}]");
        return count > 0 ? tools : null;
    }

    private static void Check(JsonElement tool, string where)
    {
        var isFunction = tool.ValueKind == JsonValueKind.Object
            && tool.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("function")
            && tool.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
            && function.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String;
        if (!isFunction)
            throw JsonValues.Invalid(where + """ must be {"type": "function", "function": {"name": …}}.""", where);
    }
}
