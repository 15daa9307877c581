using System.Text;
using System.Text.Json;
using Serverless.Inference.Generation.Text.Templates;

namespace Serverless.Inference.Generation.Text.Chat;

/// <summary>Finds a package's chat templates: <c>chat_template.jinja</c>, or what <c>tokenizer_config.json</c> holds.</summary>
internal static class ChatTemplateFiles
{
    private const string OwnFile = "chat_template.jinja";
    private const string Configuration = "tokenizer_config.json";

    /// <summary>The templates by name; <c>default</c> where there is one only. Empty where the package has none.</summary>
    /// <exception cref="InvalidDataException">A template is broken or uses what is not supported; the message names the file and the line.</exception>
    public static Dictionary<string, Template> Read(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        var sources = new Dictionary<string, string>(StringComparer.Ordinal);
        if (files.TryGetValue(OwnFile, out var utf8))
            return new() { ["default"] = Parse(OwnFile, Encoding.UTF8.GetString(utf8.Span).TrimStart('\ufeff')) };
        if (files.TryGetValue(Configuration, out utf8))
            sources = JsonFile.Read(Configuration, utf8, Sources);
        return sources.ToDictionary(source => source.Key, source => Parse($"{Configuration}: chat_template", source.Value));
    }

    /// <summary>A text, or a list of names and texts.</summary>
    private static Dictionary<string, string> Sources(JsonElement root)
    {
        if (!root.TryGetProperty("chat_template", out var template) || template.ValueKind == JsonValueKind.Null)
            return [];
        if (template.ValueKind == JsonValueKind.String)
            return new() { ["default"] = template.GetString()! };
        var sources = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in template.ValueKind == JsonValueKind.Array ? template.EnumerateArray() : default)
        {
            if (entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("name", out var name)
                && entry.TryGetProperty("template", out var source)
                && (name.ValueKind, source.ValueKind) == (JsonValueKind.String, JsonValueKind.String))
                sources[name.GetString()!] = source.GetString()!;
        }

        return sources.ContainsKey("default")
            ? sources
            : throw new InvalidDataException($"{Configuration}: chat_template is neither a text nor a list of templates with one named 'default'.");
    }

    private static Template Parse(string path, string source)
    {
        try
        {
            return new Template(source);
        }
        catch (TemplateException error)
        {
            throw new InvalidDataException($"{path} cannot be used: {error.Message}.", error);
        }
    }
}
