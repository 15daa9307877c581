using System.Text.Json;
using Serverless.Contracts.Errors;

namespace Serverless.Worker.Json;

/// <summary>Reads bodies that are one JSON object: what all readers of requests have in common.</summary>
internal static class JsonBodies
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 64 };

    /// <summary>Reads the value of a property; false leaves it to be skipped.</summary>
    public delegate bool PropertyReader<T>(ref Utf8JsonReader reader, string property, T into);

    /// <summary>Hands each property of the object to <paramref name="property"/>.</summary>
    /// <exception cref="InferenceException">It is not one object in strict JSON, or <paramref name="property"/> refuses it.</exception>
    public static void Read<T>(ReadOnlySpan<byte> body, T into, PropertyReader<T> property)
    {
        try
        {
            var reader = new Utf8JsonReader(body, Strict);
            reader.Read();
            JsonValues.ExpectObjectAsBody(ref reader);
            ReadProperties(ref reader, into, property);
            // One more read finds whatever follows the object, which must be nothing.
            reader.Read();
        }
        catch (JsonException error)
        {
            throw Refusal(error);
        }
    }

    /// <summary>Hands each property of the object that <paramref name="reader"/> has opened to <paramref name="property"/>.</summary>
    public static void ReadProperties<T>(ref Utf8JsonReader reader, T into, PropertyReader<T> property)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonValues.PropertyName(ref reader);
            reader.Read();
            if (!property(ref reader, name, into))
                reader.Skip();
        }
    }

    /// <summary>What it means to the caller that <paramref name="body"/> is not JSON, with the place where it ceases to be.</summary>
    public static InferenceException NotJson(ReadOnlySpan<byte> body, JsonException found)
    {
        try
        {
            var reader = new Utf8JsonReader(body, Strict);
            while (reader.Read())
            {
            }
        }
        catch (JsonException error)
        {
            return Refusal(error);
        }

        return Refusal(found);
    }

    private static InferenceException Refusal(JsonException error) =>
        new(ErrorKind.InvalidRequest, $"The request body is not valid JSON: {error.Message}", inner: error);
}
