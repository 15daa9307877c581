using System.Collections.Frozen;
using System.Text.Json;
using Serverless.Contracts.Errors;

namespace Serverless.Inference.Generation.Constraints.Schema;

/// <summary>The keywords of JSON Schema that are understood.</summary>
internal static class SchemaKeywords
{
    public const string Type = "type";
    public const string Enum = "enum";
    public const string Const = "const";
    public const string AnyOf = "anyOf";
    public const string Ref = "$ref";
    public const string Properties = "properties";
    public const string Required = "required";
    public const string AdditionalProperties = "additionalProperties";
    public const string Items = "items";
    public const string MinItems = "minItems";
    public const string MaxItems = "maxItems";

    private static readonly string[] Constraining =
        [Type, Enum, Const, AnyOf, Ref, Properties, Required, AdditionalProperties, Items, MinItems, MaxItems];

    // They describe or define, and constrain nothing themselves; "strict" is OpenAI's.
    private static readonly FrozenSet<string> Annotations = FrozenSet.Create(
        StringComparer.Ordinal,
        "title", "description", "default", "$schema", "$id", "$comment", "examples", "deprecated", "readOnly", "writeOnly", "strict",
        "$defs", "definitions");

    /// <summary>The keywords of <paramref name="schema"/> that constrain.</summary>
    /// <exception cref="InferenceException">It has one that is not understood.</exception>
    public static HashSet<string> Read(JsonElement schema, string path)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in schema.EnumerateObject())
        {
            if (Constraining.Contains(property.Name))
                found.Add(property.Name);
            else if (!Annotations.Contains(property.Name))
                throw Unknown(property.Name, path);
        }

        return found;
    }

    /// <summary>Refuses keywords beside <paramref name="keyword"/> other than <paramref name="allowed"/>.</summary>
    public static void RequireAlone(string keyword, HashSet<string> found, string path, params ReadOnlySpan<string> allowed)
    {
        foreach (var other in found)
        {
            if (other != keyword && !allowed.Contains(other))
                throw SchemaFault.At(path, $"combines '{keyword}' with '{other}', which is not supported.");
        }
    }

    private static InferenceException Unknown(string name, string path) => SchemaFault.At(
        path, $"has the keyword '{SchemaFault.Shorten(name)}', which is not supported. Supported are {string.Join(", ", Constraining)}.");
}
