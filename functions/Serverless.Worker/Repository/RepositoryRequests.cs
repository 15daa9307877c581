using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Worker.Http;
using Serverless.Worker.OpenInference;

namespace Serverless.Worker.Repository;

/// <summary>Reads requests of the model repository extension.</summary>
internal static class RepositoryRequests
{
    /// <returns>Whether only models that are ready are asked for.</returns>
    public static bool ReadIndex(ReadOnlySpan<byte> body)
    {
        var ready = false;
        Read(body, (ref reader, property) =>
        {
            if (property != "ready")
                return false;
            if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
                throw JsonValues.Invalid($"ready must be a boolean, not {JsonValues.Describe(reader.TokenType)}.", "ready");
            ready = reader.TokenType == JsonTokenType.True;
            return true;
        });
        return ready;
    }

    /// <summary>Checks a request to load.</summary>
    public static bool ReadLoad(ReadOnlySpan<byte> body) => ReadParameters(body, static (ref reader, name) =>
    {
        JsonValues.Expect(ref reader, JsonTokenType.String, $"parameters.{name}");
        // Configurations and files that come with the request would be a version that nobody published.
        throw new InferenceException(
            ErrorKind.NotImplemented, "parameters.config and parameters.file:… are not supported: push a version instead.", "parameters");
    });

    /// <summary>Checks a request to unload.</summary>
    public static bool ReadUnload(ReadOnlySpan<byte> body) => ReadParameters(body, static (ref reader, name) =>
    {
        if (name == "unload_dependents" && reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
            throw JsonValues.Invalid($"unload_dependents must be a boolean, not {JsonValues.Describe(reader.TokenType)}.", "parameters");
        return false;
    });

    private static bool ReadParameters(ReadOnlySpan<byte> body, PropertyReader parameter)
    {
        Read(body, (ref reader, property) =>
        {
            if (property != "parameters")
                return false;
            JsonValues.Expect(ref reader, JsonTokenType.StartObject, "parameters");
            ReadProperties(ref reader, parameter);
            return true;
        });
        return true;
    }

    private static void Read(ReadOnlySpan<byte> body, PropertyReader property)
    {
        try
        {
            var reader = JsonBody.Reader(body);
            reader.Read();
            JsonValues.ExpectObjectAsBody(ref reader);
            ReadProperties(ref reader, property);
            reader.Read();
        }
        catch (JsonException error)
        {
            throw JsonBody.NotJson(error);
        }
    }

    private static void ReadProperties(ref Utf8JsonReader reader, PropertyReader property)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (!property(ref reader, name))
                reader.Skip();
        }
    }

    // False leaves the value to be skipped.
    private delegate bool PropertyReader(ref Utf8JsonReader reader, string property);
}
