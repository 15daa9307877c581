using System.Text.Json;

namespace Serverless.Gateway.Forwarding;

/// <summary>The two things in the body of a request of the OpenAI API that matter on the way.</summary>
/// <param name="Model">Its <c>model</c>, or null.</param>
/// <param name="Stream">Whether it asks for a stream.</param>
internal readonly record struct RequestHead(string? Model, bool Stream)
{
    private const int LongestModel = 256;

    /// <summary>Reads as much as there is. What cannot be read, the worker says: nothing is refused here.</summary>
    public static RequestHead Read(ReadOnlySpan<byte> json, bool isWhole)
    {
        var head = default(RequestHead);
        try
        {
            var reader = new Utf8JsonReader(json, isWhole, default);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return head;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isModel = reader.ValueTextEquals("model"u8);
                var isStream = !isModel && reader.ValueTextEquals("stream"u8);
                if (!reader.Read())
                    return head;
                if (isModel && reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= LongestModel)
                    head = head with { Model = reader.GetString() };
                else if (isStream)
                    head = head with { Stream = reader.TokenType == JsonTokenType.True };
                else if (!reader.TrySkip())
                    return head;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string that is not UTF-8.
        }

        return head;
    }
}
