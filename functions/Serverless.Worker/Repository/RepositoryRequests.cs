using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Worker.Json;

namespace Serverless.Worker.Repository;

/// <summary>Reads requests of the model repository extension.</summary>
internal static class RepositoryRequests
{
    /// <returns>Whether only models that are ready are asked for.</returns>
    public static bool ReadIndex(ReadOnlySpan<byte> body)
    {
        var ready = new bool[1];
        JsonBodies.Read(body, ready, static (ref reader, property, into) =>
        {
            if (property != "ready")
                return false;
            if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
                throw JsonValues.Invalid($"ready must be a boolean, not {JsonValues.Describe(reader.TokenType)}.", "ready");
            into[0] = reader.TokenType == JsonTokenType.True;
            return true;
        });
        return ready[0];
    }

    /// <summary>Checks a request to load.</summary>
    public static bool ReadLoad(ReadOnlySpan<byte> body) => ReadParameters(body, static (ref reader, name, _) =>
    {
        JsonValues.Expect(ref reader, JsonTokenType.String, $"parameters.{name}");
        throw OfLoad();
    });

    /// <summary>Checks a request to unload.</summary>
    public static bool ReadUnload(ReadOnlySpan<byte> body) => ReadParameters(body, static (ref reader, name, _) =>
    {
        if (name == "unload_dependents" && reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
            throw JsonValues.Invalid($"unload_dependents must be a boolean, not {JsonValues.Describe(reader.TokenType)}.", "parameters");
        return false;
    });

    /// <summary>What a load that brings parameters is answered: they would be a version that nobody published.</summary>
    public static InferenceException OfLoad() => new(
        ErrorKind.NotImplemented, "parameters.config and parameters.file:… are not supported: push a version instead.", "parameters");

    private static bool ReadParameters(ReadOnlySpan<byte> body, JsonBodies.PropertyReader<object?> parameter)
    {
        JsonBodies.Read(body, parameter, static (ref reader, property, parameter) =>
        {
            if (property != "parameters")
                return false;
            JsonValues.Expect(ref reader, JsonTokenType.StartObject, "parameters");
            JsonBodies.ReadProperties(ref reader, null, parameter);
            return true;
        });
        return true;
    }
}
