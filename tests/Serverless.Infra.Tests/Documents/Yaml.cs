using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Serverless.Infra.Tests.Documents;

/// <summary>YAML as JSON, with anchors, merge keys and YAML 1.2's plain scalars.</summary>
internal static class Yaml
{
    public static IReadOnlyList<JsonNode> Read(string file)
    {
        using var reader = new StringReader(File.ReadAllText(file));
        var stream = new YamlStream();
        stream.Load(reader);
        return [.. stream.Documents.Select(document => Convert(document.RootNode)!)];
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode mapping => Convert(mapping),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Select(Convert)]),
        YamlScalarNode scalar => Convert(scalar),
        _ => throw new InvalidDataException($"Unexpected YAML node at {node.Start}."),
    };

    private static JsonObject Convert(YamlMappingNode mapping)
    {
        var result = new JsonObject();
        foreach (var (key, value) in mapping.Where(pair => IsMerge(pair.Key)))
        {
            foreach (var (name, merged) in Convert((YamlMappingNode)value))
                result[name] = merged?.DeepClone();
        }

        foreach (var (key, value) in mapping.Where(pair => !IsMerge(pair.Key)))
            result[((YamlScalarNode)key).Value!] = Convert(value);
        return result;
    }

    private static bool IsNumber(string text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);

    private static bool IsMerge(YamlNode key) => key is YamlScalarNode { Value: "<<" };

    private static JsonNode? Convert(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is ScalarStyle.DoubleQuoted or ScalarStyle.SingleQuoted or ScalarStyle.Literal or ScalarStyle.Folded)
            return text;
        return text switch
        {
            "" or "null" or "~" => null,
            "true" => true,
            "false" => false,
            _ when text.All(character => char.IsAsciiDigit(character) || character is '.' or '-') && IsNumber(text) => JsonNode.Parse(text),
            _ => text,
        };
    }
}
