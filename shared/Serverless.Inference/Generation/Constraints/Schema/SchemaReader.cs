using System.Text.Json;
using Serverless.Inference.Generation.Constraints.Grammar;
using Serverless.Inference.Generation.Constraints.Vocabulary;

namespace Serverless.Inference.Generation.Constraints.Schema;

/// <summary>
/// Turns one JSON Schema into a grammar. References are followed once and shared, so what is compiled never grows beyond the schema's text;
/// what they would amount to written out is counted and bounded.
/// </summary>
internal sealed class SchemaReader
{
    private readonly SchemaReferences _references;
    private readonly SchemaValues _values;
    private readonly SchemaObjects _objects;

    public SchemaReader(JsonElement root, TokenVocabulary vocabulary)
    {
        _references = new SchemaReferences(root, this);
        _values = new SchemaValues(vocabulary);
        _objects = new SchemaObjects(this, vocabulary);
    }

    /// <summary>What the schema at <paramref name="path"/> allows.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="path">Where it is, as a JSON pointer.</param>
    /// <param name="depth">How many schemas it is within, through references too; from 1.</param>
    public GrammarChoice Read(JsonElement schema, string path, int depth)
    {
        if (depth > SchemaLimits.MaxReadDepth)
            throw SchemaFault.At(path, $"is within more than {SchemaLimits.MaxReadDepth} others.");
        if (schema.ValueKind == JsonValueKind.True)
            return GrammarChoice.Any;
        if (schema.ValueKind != JsonValueKind.Object)
            throw SchemaFault.At(path, "must be an object or true.");
        var found = SchemaKeywords.Read(schema, path);
        var choice = ReadKeywords(schema, found, path, depth);
        if (choice.Depth > NestingLimits.MaxSchemaDepth)
            throw SchemaFault.At(path, $"describes values nested more than {NestingLimits.MaxSchemaDepth} levels deep.");
        if (choice.Size > SchemaLimits.MaxSize)
            throw SchemaFault.At(path, $"describes more than {SchemaLimits.MaxSize} values with its references written out.");
        return choice;
    }

    private GrammarChoice ReadKeywords(JsonElement schema, HashSet<string> found, string path, int depth)
    {
        if (found.Contains(SchemaKeywords.Ref))
        {
            SchemaKeywords.RequireAlone(SchemaKeywords.Ref, found, path);
            return _references.Follow(schema.GetProperty(SchemaKeywords.Ref), path, depth);
        }

        if (found.Contains(SchemaKeywords.AnyOf))
        {
            SchemaKeywords.RequireAlone(SchemaKeywords.AnyOf, found, path);
            return ReadAnyOf(schema.GetProperty(SchemaKeywords.AnyOf), SchemaFault.Below(path, SchemaKeywords.AnyOf), depth);
        }

        if (found.Contains(SchemaKeywords.Enum) || found.Contains(SchemaKeywords.Const))
            return _values.Read(schema, found, path);
        return found.Count == 0 ? GrammarChoice.Any : ReadTypes(schema, found, path, depth);
    }

    private GrammarChoice ReadAnyOf(JsonElement schemas, string path, int depth)
    {
        if (schemas.ValueKind != JsonValueKind.Array || schemas.GetArrayLength() == 0)
            throw SchemaFault.At(path, "must be an array of at least one schema.");
        return Union(schemas.EnumerateArray().Select((schema, index) => Read(schema, $"{path}/{index}", depth + 1)), path);
    }

    private GrammarChoice ReadTypes(JsonElement schema, HashSet<string> found, string path, int depth) =>
        Union(SchemaTypes.Read(schema, found, path).Select(type => ReadType(type, schema, path, depth)), path);

    private GrammarChoice ReadType(string type, JsonElement schema, string path, int depth) => type switch
    {
        SchemaTypes.Object => _objects.Read(schema, path, depth),
        SchemaTypes.Array => ReadArray(schema, path, depth),
        SchemaTypes.String => new GrammarChoice([StringNode.Instance]),
        SchemaTypes.Number => new GrammarChoice([NumberNode.Number]),
        SchemaTypes.Integer => new GrammarChoice([NumberNode.Integer]),
        SchemaTypes.Boolean => new GrammarChoice([LiteralNode.Boolean]),
        _ => new GrammarChoice([LiteralNode.Null]),
    };

    private GrammarChoice ReadArray(JsonElement schema, string path, int depth)
    {
        var item = schema.TryGetProperty(SchemaKeywords.Items, out var items)
            ? Read(items, SchemaFault.Below(path, SchemaKeywords.Items), depth + 1)
            : GrammarChoice.Any;
        var min = ReadCount(schema, SchemaKeywords.MinItems, path) ?? 0;
        var max = ReadCount(schema, SchemaKeywords.MaxItems, path);
        if (min > max)
            throw SchemaFault.At(path, $"has a minItems of {min} above its maxItems of {max}.");
        return new GrammarChoice([new ArrayNode(item, min, max)], item.Depth + 1, item.Size + 1);
    }

    private static int? ReadCount(JsonElement schema, string keyword, string path)
    {
        if (!schema.TryGetProperty(keyword, out var value))
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count is >= 0 and <= SchemaLimits.MaxItems
            ? count
            : throw SchemaFault.At(path, $"has a {keyword} that is not a whole number from 0 to {SchemaLimits.MaxItems}.");
    }

    private static GrammarChoice Union(IEnumerable<GrammarChoice> choices, string path)
    {
        var all = choices.ToArray();
        var union = new GrammarChoice(
            all.SelectMany(choice => choice.Alternatives), all.Max(choice => choice.Depth), all.Sum(choice => choice.Size));
        return union.Alternatives.Count <= SchemaLimits.MaxAlternatives
            ? union
            : throw SchemaFault.At(path, $"allows more than {SchemaLimits.MaxAlternatives} kinds of value at one place.");
    }
}
