using System.Buffers;
using System.Text.Json;

namespace Serverless.Contracts.Errors;

/// <summary>Writes an <see cref="InferenceError"/> in the shape of the caller's protocol.</summary>
public static class ErrorBody
{
    /// <summary>The protocol spoken on <paramref name="path"/>: OpenAI's below <c>/v1</c>, the Open Inference Protocol elsewhere.</summary>
    public static WireProtocol ProtocolOf(string? path) =>
        path is not null && (path == "/v1" || path.StartsWith("/v1/", StringComparison.Ordinal))
            ? WireProtocol.OpenAi
            : WireProtocol.OpenInference;

    /// <summary>The JSON body of <paramref name="error"/> as UTF-8.</summary>
    public static ReadOnlyMemory<byte> ToUtf8(InferenceError error, WireProtocol protocol)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteTo(json, error, protocol);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Writes the <c>error</c> property into the object that <paramref name="json"/> has open.</summary>
    public static void WriteTo(Utf8JsonWriter json, InferenceError error, WireProtocol protocol)
    {
        if (protocol == WireProtocol.OpenInference)
        {
            json.WriteString("error", error.Message);
            return;
        }

        var mapping = ErrorTable.Of(error.Kind);
        json.WriteStartObject("error");
        json.WriteString("message", error.Message);
        json.WriteString("type", mapping.Type);
        json.WriteString("param", error.Param);
        json.WriteString("code", mapping.Code);
        json.WriteEndObject();
    }
}
