using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Inference.Generation.Constraints.Grammar;

namespace Serverless.Inference.Generation.Constraints.Schema;

/// <summary>Follows <c>$ref</c> to the root's definitions, each compiled once.</summary>
internal sealed class SchemaReferences(JsonElement root, SchemaReader reader)
{
    // Null while a definition is being read: whoever meets it then refers to itself.
    private readonly Dictionary<string, GrammarChoice?> _read = new(StringComparer.Ordinal);

    public GrammarChoice Follow(JsonElement reference, string path, int depth)
    {
        var target = reference.ValueKind == JsonValueKind.String ? reference.GetString()! : string.Empty;
        if (target == "#")
            throw Recursive(path, target);
        if (!_read.TryGetValue(target, out var choice))
        {
            var definition = Find(target, path);
            _read[target] = null;
            _read[target] = choice = reader.Read(definition, target, depth + 1);
        }

        return choice ?? throw Recursive(path, target);
    }

    private JsonElement Find(string target, string path)
    {
        var steps = target.Split('/');
        if (steps is ["#", "$defs" or "definitions", var name]
            && root.TryGetProperty(steps[1], out var definitions)
            && definitions.ValueKind == JsonValueKind.Object
            && definitions.TryGetProperty(Unescape(name), out var definition))
        {
            return definition;
        }

        throw SchemaFault.At(
            path, "has a $ref that does not name a definition of the schema, such as '#/$defs/name' or '#/definitions/name'.");
    }

    private static string Unescape(string step) =>
        Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static InferenceException Recursive(string path, string target) =>
        SchemaFault.At(path, $"refers to '{SchemaFault.Shorten(target)}' from within itself; recursive references are not supported.");
}
