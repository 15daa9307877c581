using System.Buffers;
using System.Text.Json;
using Serverless.Contracts.Errors;

namespace Serverless.Contracts.Queues;

/// <summary>Writes the bytes of an <see cref="InferenceResult"/>.</summary>
public static class QueuedAnswer
{
    /// <summary>The answer to a request that the worker answered with <paramref name="status"/> and the JSON <paramref name="body"/>.</summary>
    public static ReadOnlyMemory<byte> FromWorker(string id, int status, ReadOnlyMemory<byte> body)
    {
        var buffer = new ArrayBufferWriter<byte>(body.Length + 256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            Begin(json, id, status);
            if (status == 200)
            {
                json.WritePropertyName("response");
                json.WriteRawValue(body.Span, skipInputValidation: true);
            }
            else
            {
                // Both protocols put what went wrong into "error": a sentence in one, an object in the other.
                using var document = JsonDocument.Parse(body);
                json.WritePropertyName("error");
                document.RootElement.GetProperty("error").WriteTo(json);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The answer to a request that failed before a worker answered.</summary>
    public static ReadOnlyMemory<byte> FromError(string id, InferenceError error, WireProtocol protocol)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Begin(json, id, error.Status);
            ErrorBody.WriteTo(json, error, protocol);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void Begin(Utf8JsonWriter json, string id, int status)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteNumber("status", status);
    }
}
