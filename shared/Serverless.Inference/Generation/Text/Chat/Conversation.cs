using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Chat;

/// <summary>OpenAI's <c>messages</c> and <c>tools</c> in the shape that chat templates are written for.</summary>
internal static class Conversation
{
    private const int MaxMessages = 2048;
    private const int MaxTools = 512;

    /// <exception cref="InferenceException">They are not what the API says.</exception>
    public static List<object?> Messages(JsonElement messages)
    {
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() is 0 or > MaxMessages)
            throw Invalid($"messages must be an array of 1 to {MaxMessages} messages.");
        return [.. messages.EnumerateArray().Select(Message)];
    }

    /// <summary>The tools; null where there are none, as templates expect it.</summary>
    /// <exception cref="InferenceException">They are not what the API says.</exception>
    public static object? Tools(JsonElement? tools)
    {
        if (tools is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } list)
            return null;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaxTools
            || list.EnumerateArray().Any(tool => tool.ValueKind != JsonValueKind.Object))
            throw Invalid($"tools must be an array of up to {MaxTools} objects.", "tools");
        return list.GetArrayLength() == 0 ? null : Read(list, "tools");
    }

    private static TemplateMap Message(JsonElement json, int index)
    {
        var path = $"messages[{index}]";
        if (json.ValueKind != JsonValueKind.Object || Read(json, path) is not TemplateMap message)
            throw Invalid($"{path} must be an object.");
        if (message.Entries.GetValueOrDefault("role") is not TemplateText { Length: > 0 })
            throw Invalid($"{path}.role must be a text.");
        // Clients write out what they do not use; templates only ask whether it is there.
        foreach (var name in message.Entries.Where(entry => entry.Value is null).Select(entry => entry.Key).ToList())
            message.Entries.Remove(name);
        var calls = message.Entries.GetValueOrDefault("tool_calls") as List<object?>;
        calls?.ForEach(ReadArguments);
        message.Entries["content"] = Content(message.Entries.GetValueOrDefault("content"), path, hasCalls: calls is not null);
        return message;
    }

    /// <summary>The one text that templates of language models expect; null beside tool calls alone.</summary>
    private static TemplateText? Content(object? content, string path, bool hasCalls) => content switch
    {
        TemplateText text => text,
        null when hasCalls => null,
        List<object?> { Count: > 0 } parts => Join(parts, path),
        _ => throw Invalid($"{path}.content must be a text, or an array of parts of type 'text'."),
    };

    private static TemplateText Join(List<object?> parts, string path)
    {
        var text = new TemplateTextBuilder();
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is not TemplateMap part || part.Entries.GetValueOrDefault("type") is not TemplateText { Text: "text" }
                || part.Entries.GetValueOrDefault("text") is not TemplateText piece)
                throw Invalid($"{path}.content[{i}] must be a part of type 'text'; the model takes no others.");
            text.Append(i > 0 ? "\n" : string.Empty, fromCaller: true).Append(piece);
        }

        return text.ToText();
    }

    /// <summary>Arguments of a call travel as JSON within a text; templates expect the object.</summary>
    private static void ReadArguments(object? call)
    {
        if (call is not TemplateMap map || map.Entries.GetValueOrDefault("function") is not TemplateMap function
            || function.Entries.GetValueOrDefault("arguments") is not TemplateText text)
            return;
        try
        {
            using var document = JsonDocument.Parse(text.Text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                function.Entries["arguments"] = CallerValue.Of(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // What a model once wrote need not be JSON; it stays the text that it is.
        }
    }

    private static object? Read(JsonElement json, string path)
    {
        try
        {
            return CallerValue.Of(json);
        }
        catch (InvalidOperationException error)
        {
            throw new InferenceException(ErrorKind.InvalidRequest, $"{path} has a text with half of a character in it.", Param(path), error);
        }
    }

    private static InferenceException Invalid(string message, string param = "messages") =>
        new(ErrorKind.InvalidRequest, message, param);

    private static string Param(string path) => path == "tools" ? "tools" : "messages";
}
