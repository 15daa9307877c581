using System.Text.Json;

namespace Serverless.Worker.Jobs;

/// <summary>One line of a batch's input, taken apart. The gateway has validated it; its body is passed on as it stands.</summary>
/// <param name="CustomId">The caller's name for it.</param>
/// <param name="Body">The request's body.</param>
internal readonly record struct LineRequest(string CustomId, ReadOnlyMemory<byte> Body)
{
    /// <exception cref="ShardFailedException">It is not a request: this is not the input that was validated.</exception>
    public static LineRequest Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line.Span);
            string? customId = null;
            ReadOnlyMemory<byte>? body = null;
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw Wrong();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.ValueTextEquals("custom_id"u8);
                var isBody = reader.ValueTextEquals("body"u8);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                if (isId)
                    customId = reader.GetString();
                reader.Skip();
                if (isBody)
                    body = line[start..(int)reader.BytesConsumed];
            }

            return customId is not null && body is { } found ? new LineRequest(customId, found) : throw Wrong();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Wrong();
        }
    }

    private static ShardFailedException Wrong() =>
        ShardFailedException.InputChanged("A line of the input is not the request that was validated.");
}
