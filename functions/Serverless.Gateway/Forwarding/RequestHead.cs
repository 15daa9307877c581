using System.Text.Json;

namespace Serverless.Gateway.Forwarding;

/// <summary>The few things in the body of a request of the OpenAI API that matter on the way.</summary>
/// <param name="Model">Its <c>model</c>, or null.</param>
/// <param name="Stream">Whether it asks for a stream.</param>
internal readonly record struct RequestHead(string? Model, bool Stream)
{
    private const int LongestModel = 256;

    /// <summary>The most tokens that an answer may have; null where it does not say.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>How many answers it wants; null where it does not say.</summary>
    public int? Choices { get; init; }

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
                var property = PropertyOf(ref reader);
                if (!reader.Read())
                    return head;
                head = head.With(property, ref reader);
                if (!reader.TrySkip())
                    return head;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string that is not UTF-8.
        }

        return head;
    }

    private static Property PropertyOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("model"u8) ? Property.Model
        : reader.ValueTextEquals("stream"u8) ? Property.Stream
        : reader.ValueTextEquals("max_tokens"u8) || reader.ValueTextEquals("max_completion_tokens"u8) ? Property.MaxTokens
        : reader.ValueTextEquals("n"u8) ? Property.Choices
        : Property.Other;

    private RequestHead With(Property property, ref Utf8JsonReader reader) => property switch
    {
        Property.Model when reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= LongestModel => this with { Model = reader.GetString() },
        Property.Stream => this with { Stream = reader.TokenType == JsonTokenType.True },
        Property.MaxTokens => this with { MaxTokens = CountIn(ref reader) ?? MaxTokens },
        Property.Choices => this with { Choices = CountIn(ref reader) },
        _ => this,
    };

    private static int? CountIn(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var count) && count >= 0 ? count : null;

    private enum Property
    {
        Other,
        Model,
        Stream,
        MaxTokens,
        Choices,
    }
}
