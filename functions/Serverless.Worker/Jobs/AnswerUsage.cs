using System.Text.Json;

namespace Serverless.Worker.Jobs;

/// <summary>Reads what an answer of OpenAI's API says about tokens.</summary>
internal static class AnswerUsage
{
    // With its quotes it cannot stand in a string: those inside one are escaped.
    private static ReadOnlySpan<byte> Property => "\"usage\":"u8;

    /// <summary>Tokens read and written; 0 where the answer does not say.</summary>
    public static (long Input, long Output) Read(ReadOnlySpan<byte> body)
    {
        // It is the last property: searching from the end spares reading every number of a vector.
        var start = body.LastIndexOf(Property);
        if (start < 0)
            return (0, 0);
        var reader = new Utf8JsonReader(body[(start + Property.Length)..], isFinalBlock: false, default);
        var (input, output) = (0L, 0L);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return (0, 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isInput = reader.ValueTextEquals("prompt_tokens"u8);
            var isOutput = reader.ValueTextEquals("completion_tokens"u8);
            reader.Read();
            if (isInput)
                reader.TryGetInt64(out input);
            else if (isOutput)
                reader.TryGetInt64(out output);
            else
                reader.TrySkip();
        }

        return (input, output);
    }
}
