using System.Text.Json;
using Serverless.Inference.Generation.Sampling;
using Serverless.Worker.Generation.Answers;

namespace Serverless.Worker.Generation.Chat;

/// <summary>Writes log probabilities as <c>/v1/chat/completions</c> has them: an object for each token.</summary>
internal static class ChatLogprobs
{
    public static void Write(Utf8JsonWriter json, IReadOnlyList<TokenLogprob> tokens)
    {
        json.WriteStartObject("logprobs");
        json.WriteStartArray("content");
        foreach (var token in tokens)
        {
            json.WriteStartObject();
            WriteToken(json, token);
            json.WriteStartArray("top_logprobs");
            foreach (var alternative in token.Top)
            {
                json.WriteStartObject();
                WriteToken(json, alternative);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNull("refusal");
        json.WriteEndObject();
    }

    private static void WriteToken(Utf8JsonWriter json, TokenLogprob token)
    {
        json.WriteString("token", OpenAiJson.TextOf(token));
        json.WriteNumber("logprob", OpenAiJson.Number(token.Logprob));
        json.WriteStartArray("bytes");
        foreach (var value in token.Bytes.Span)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
