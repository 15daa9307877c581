using System.Text.Json;
using Serverless.Inference.Generation.Sampling;
using Serverless.Worker.Generation.Answers;

namespace Serverless.Worker.Generation.Completions;

/// <summary>Writes log probabilities as <c>/v1/completions</c> has them: lists side by side.</summary>
internal static class CompletionLogprobs
{
    /// <param name="json">The choice that they belong to.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="offset">How many characters went before them; moved on.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<TokenLogprob> tokens, ref int offset)
    {
        json.WriteStartObject("logprobs");
        json.WriteStartArray("tokens");
        foreach (var token in tokens)
            json.WriteStringValue(OpenAiJson.TextOf(token));
        json.WriteEndArray();
        json.WriteStartArray("token_logprobs");
        foreach (var token in tokens)
            json.WriteNumberValue(OpenAiJson.Number(token.Logprob));
        json.WriteEndArray();
        json.WriteStartArray("top_logprobs");
        foreach (var token in tokens)
            WriteTop(json, token.Top);
        json.WriteEndArray();
        json.WriteStartArray("text_offset");
        foreach (var token in tokens)
        {
            json.WriteNumberValue(IsContinued(token) ? offset - 1 : offset);
            offset += CharactersIn(token.Bytes.Span);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Different tokens may have one text; an object can name it once.
    private static void WriteTop(Utf8JsonWriter json, IReadOnlyList<TokenLogprob> top)
    {
        var written = new HashSet<string>(StringComparer.Ordinal);
        json.WriteStartObject();
        foreach (var alternative in top)
        {
            if (OpenAiJson.TextOf(alternative) is var text && written.Add(text))
                json.WriteNumber(text, OpenAiJson.Number(alternative.Logprob));
        }

        json.WriteEndObject();
    }

    private static bool IsContinued(TokenLogprob token) => !token.Bytes.IsEmpty && IsInside(token.Bytes.Span[0]);

    private static int CharactersIn(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        foreach (var value in bytes)
            count += IsInside(value) ? 0 : 1;
        return count;
    }

    // A byte of UTF-8 that begins no character.
    private static bool IsInside(byte value) => (value & 0xC0) == 0x80;
}
