using System.Text.Json;
using Serverless.Inference.Generation.Constraints.Grammar;
using Serverless.Inference.Generation.Constraints.Vocabulary;

namespace Serverless.Inference.Generation.Constraints.Schema;

/// <summary>Reads <c>enum</c> and <c>const</c>.</summary>
internal sealed class SchemaValues(TokenVocabulary vocabulary)
{
    private int _count;

    public GrammarChoice Read(JsonElement schema, HashSet<string> found, string path)
    {
        var keyword = found.Contains(SchemaKeywords.Enum) ? SchemaKeywords.Enum : SchemaKeywords.Const;
        SchemaKeywords.RequireAlone(keyword, found, path, SchemaKeywords.Type);
        var values = ValuesOf(schema.GetProperty(keyword), keyword, path);
        if (found.Contains(SchemaKeywords.Type))
        {
            var types = SchemaTypes.Read(schema, found, path);
            values = [.. values.Where(value => types.Any(type => SchemaTypes.Matches(value, type)))];
        }

        if (values.Length == 0)
            throw SchemaFault.At(path, $"has no value in its {keyword} that is allowed.");
        _count += values.Length;
        if (_count > SchemaLimits.MaxEnumValues)
            throw SchemaFault.At(path, $"brings the values of all enumerations to more than {SchemaLimits.MaxEnumValues}.");
        return new GrammarChoice([new LiteralNode(values.Select(value => Spell(value, path)))]);
    }

    private static JsonElement[] ValuesOf(JsonElement value, string keyword, string path)
    {
        if (keyword == SchemaKeywords.Const)
            return [value];
        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray()]
            : throw SchemaFault.At(path, "has an enum that is not an array.");
    }

    private byte[] Spell(JsonElement value, string path)
    {
        try
        {
            return SchemaSpelling.Spell(JsonText.Of(value), vocabulary, path);
        }
        catch (InvalidOperationException)
        {
            throw SchemaFault.At(path, "has a value with half a surrogate pair, which is no text.");
        }
    }
}
