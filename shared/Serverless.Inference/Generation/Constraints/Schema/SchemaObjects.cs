using System.Text.Json;
using Serverless.Inference.Generation.Constraints.Grammar;
using Serverless.Inference.Generation.Constraints.Vocabulary;

namespace Serverless.Inference.Generation.Constraints.Schema;

/// <summary>Reads schemas of objects.</summary>
internal sealed class SchemaObjects(SchemaReader reader, TokenVocabulary vocabulary)
{
    public GrammarChoice Read(JsonElement schema, string path, int depth)
    {
        var required = ReadRequired(schema, path);
        var properties = ReadProperties(schema, required, path, depth);
        if (required.FirstOrDefault(name => !properties.ContainsKey(name)) is { } missing)
            throw SchemaFault.At(path, $"requires '{SchemaFault.Shorten(missing)}', which is not among its properties.");

        var others = ReadOthers(schema, properties.Count > 0, path, depth);
        GrammarChoice[] values = [.. properties.Values.Select(property => property.Value), .. others is null ? [] : new[] { others }];
        return new GrammarChoice(
            [new ObjectNode([.. properties.Values], others)],
            1 + values.Select(value => value.Depth).DefaultIfEmpty().Max(),
            1 + values.Sum(value => value.Size));
    }

    private OrderedDictionary<string, ObjectProperty> ReadProperties(
        JsonElement schema, HashSet<string> required, string path, int depth)
    {
        var properties = new OrderedDictionary<string, ObjectProperty>(StringComparer.Ordinal);
        if (!schema.TryGetProperty(SchemaKeywords.Properties, out var named))
            return properties;
        path = SchemaFault.Below(path, SchemaKeywords.Properties);
        if (named.ValueKind != JsonValueKind.Object)
            throw SchemaFault.At(path, "must be an object.");
        foreach (var property in named.EnumerateObject())
        {
            var at = SchemaFault.Below(path, property.Name);
            var value = reader.Read(property.Value, at, depth + 1);
            var key = SchemaSpelling.Spell(JsonText.Quote(property.Name), vocabulary, at);
            if (!properties.TryAdd(property.Name, new ObjectProperty(key[1..], value, required.Contains(property.Name))))
                throw SchemaFault.At(at, "is there twice.");
        }

        return properties;
    }

    private static HashSet<string> ReadRequired(JsonElement schema, string path)
    {
        if (!schema.TryGetProperty(SchemaKeywords.Required, out var names))
            return [];
        if (names.ValueKind != JsonValueKind.Array || names.EnumerateArray().Any(name => name.ValueKind != JsonValueKind.String))
            throw SchemaFault.At(SchemaFault.Below(path, SchemaKeywords.Required), "must be an array of names.");
        return [.. names.EnumerateArray().Select(name => name.GetString()!)];
    }

    /// <summary>
    /// What properties may be that have no name in the schema. Where it does not say, JSON Schema allows all; a model that may add what it
    /// likes to an object with a description rambles, so then it gets none, which matches too.
    /// </summary>
    private GrammarChoice? ReadOthers(JsonElement schema, bool hasProperties, string path, int depth)
    {
        if (!schema.TryGetProperty(SchemaKeywords.AdditionalProperties, out var others))
            return hasProperties ? null : GrammarChoice.Any;
        return others.ValueKind == JsonValueKind.False
            ? null
            : reader.Read(others, SchemaFault.Below(path, SchemaKeywords.AdditionalProperties), depth + 1);
    }
}
