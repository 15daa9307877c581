using System.Text.Json;
using Serverless.Contracts.Errors;

namespace Serverless.Worker.Json;

/// <summary>Reads JSON values that must be of one kind, saying where and what when they are not.</summary>
internal static class JsonValues
{
    public static void Expect(ref Utf8JsonReader reader, JsonTokenType wanted, string where)
    {
        if (reader.TokenType != wanted)
            throw Invalid($"{where} must be {Describe(wanted)}, not {Describe(reader.TokenType)}.", where);
    }

    public static void ExpectObjectAsBody(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Invalid($"The request body must be an object, not {Describe(reader.TokenType)}.");
    }

    public static string String(ref Utf8JsonReader reader, string where)
    {
        Expect(ref reader, JsonTokenType.String, where);
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new InferenceException(
                ErrorKind.InvalidRequest, $"{where} holds half of a surrogate pair, which is no character.", where, error);
        }
    }

    /// <summary>The name of the property at hand.</summary>
    public static string PropertyName(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new InferenceException(
                ErrorKind.InvalidRequest, "The name of a property holds half of a surrogate pair, which is no character.", inner: error);
        }
    }

    public static string Describe(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        _ => "the end of a value",
    };

    public static InferenceException Invalid(string message, string? param = null) => new(ErrorKind.InvalidRequest, message, param);
}
