using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Gateway.Authentication;

namespace Serverless.Gateway.Http;

/// <summary>Holds callers whose key is limited to models to these.</summary>
internal static class ModelScope
{
    /// <summary>Checks the model that a request names in its path or its body.</summary>
    /// <param name="caller">Who sent it.</param>
    /// <param name="route">Where it goes.</param>
    /// <param name="path">Its path.</param>
    /// <param name="body">What is there of its body.</param>
    /// <param name="isWhole">Whether that is all of it.</param>
    /// <exception cref="InferenceException">The model is not open to the caller, or cannot be told for sure.</exception>
    public static void Check(Caller caller, Route route, string path, ReadOnlySpan<byte> body, bool isWhole)
    {
        if (caller.Models is null)
            return;
        if (route.ModelIn(path) is { } named)
            caller.Check(named);
        if (route.Body is RouteBody.NamesModel or RouteBody.MayAskForStream)
            caller.Check(ModelReference.Parse(ReadModel(body, isWhole)));
    }

    // Strict where forwarding is not: of a model that is named twice, or beyond what was read, the worker might see another one than we do.
    private static string ReadModel(ReadOnlySpan<byte> body, bool isWhole)
    {
        string? model = null;
        var times = 0;
        try
        {
            var reader = new Utf8JsonReader(body);
            while (isWhole && reader.Read())
            {
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("model"u8))
                    continue;
                reader.Read();
                model = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                times++;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            times = 0;
        }

        return times == 1 && model is not null ? model : throw new InferenceException(
            ErrorKind.InvalidRequest,
            "This key is limited to models: the body must be JSON that names its 'model' once, uncompressed and no longer than what the gateway keeps.",
            "model");
    }
}
