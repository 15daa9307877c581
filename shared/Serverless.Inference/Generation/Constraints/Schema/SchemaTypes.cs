using System.Text.Json;

namespace Serverless.Inference.Generation.Constraints.Schema;

/// <summary>The types that JSON Schema names.</summary>
internal static class SchemaTypes
{
    public const string Object = "object";
    public const string Array = "array";
    public const string String = "string";
    public const string Number = "number";
    public const string Integer = "integer";
    public const string Boolean = "boolean";
    public const string Null = "null";

    private static readonly string[] All = [Object, Array, String, Number, Integer, Boolean, Null];

    /// <summary>The types that a schema allows. One that states none allows those that its other keywords are about.</summary>
    public static IReadOnlyList<string> Read(JsonElement schema, HashSet<string> found, string path)
    {
        if (!schema.TryGetProperty(SchemaKeywords.Type, out var type))
            return Implied(found);
        string?[] names = type.ValueKind switch
        {
            JsonValueKind.String => [type.GetString()],
            JsonValueKind.Array => [.. type.EnumerateArray().Select(NameOf)],
            _ => [null],
        };
        if (names.Length == 0 || names.Any(name => !All.Contains(name)))
            throw SchemaFault.At(path, $"has a type that is not one of {string.Join(", ", All)}, nor an array of these.");
        return [.. names.Distinct()!];
    }

    /// <summary>Whether <paramref name="value"/> is of <paramref name="type"/>.</summary>
    public static bool Matches(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.Object => type == Object,
        JsonValueKind.Array => type == Array,
        JsonValueKind.String => type == String,
        JsonValueKind.True or JsonValueKind.False => type == Boolean,
        JsonValueKind.Null => type == Null,
        _ => type == Number || (type == Integer && value.TryGetDecimal(out var number) && decimal.IsInteger(number)),
    };

    private static string? NameOf(JsonElement name) => name.ValueKind == JsonValueKind.String ? name.GetString() : null;

    private static List<string> Implied(HashSet<string> found)
    {
        var types = new List<string>();
        if (found.Overlaps([SchemaKeywords.Properties, SchemaKeywords.Required, SchemaKeywords.AdditionalProperties]))
            types.Add(Object);
        if (found.Overlaps([SchemaKeywords.Items, SchemaKeywords.MinItems, SchemaKeywords.MaxItems]))
            types.Add(Array);
        return types;
    }
}
