using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Worker.Json;

namespace Serverless.Worker.Generation.Parameters;

/// <summary>JSON that an answer must be.</summary>
/// <param name="Schema">Its schema; null for any object.</param>
internal sealed record ResponseFormat(JsonElement? Schema)
{
    private const string Name = "response_format";

    /// <summary>Reads <c>response_format</c>; null for text, which is free.</summary>
    /// <exception cref="InferenceException">It is not one of the three there are.</exception>
    public static ResponseFormat? Read(ref Utf8JsonReader reader)
    {
        JsonValues.Expect(ref reader, JsonTokenType.StartObject, Name);
        var format = JsonElement.ParseValue(ref reader);
        JsonTexts.Check(format, Name);
        var type = format.TryGetProperty("type", out var found) && found.ValueKind == JsonValueKind.String ? found.GetString() : null;
        return type switch
        {
            "text" => null,
            "json_object" => new ResponseFormat(Schema: null),
            "json_schema" => new ResponseFormat(SchemaOf(format)),
            _ => throw JsonValues.Invalid($"{Name}.type must be text, json_object or json_schema.", Name),
        };
    }

    private static JsonElement SchemaOf(JsonElement format) =>
        format.TryGetProperty("json_schema", out var named) && named.ValueKind == JsonValueKind.Object
        && named.TryGetProperty("schema", out var schema) && schema.ValueKind is JsonValueKind.Object
            ? schema
            : throw JsonValues.Invalid(Name + """ must be {"type": "json_schema", "json_schema": {"name": …, "schema": {…}}}.""", Name);
}
