using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Serverless.Inference.Diagnostics;
using Serverless.Inference.Generation;
using Serverless.Inference.Generation.Sampling;

namespace Serverless.Worker.Generation.Answers;

/// <summary>Values that both of OpenAI's answers have.</summary>
internal static class OpenAiJson
{
    // JSON has no infinity; OpenAI writes this for what cannot be.
    private const float Impossible = -9999;

    public static void WriteFinish(Utf8JsonWriter json, FinishReason? finish)
    {
        if (finish is { } reason)
            json.WriteString("finish_reason", GenAiNames.NameOf(reason));
        else
            json.WriteNull("finish_reason");
    }

    /// <summary>Ends a stream: a chunk without choices that tells the usage, unless it is null, and the mark.</summary>
    public static void WriteEnd(EventStream events, AnswerHead head, GenerationUsage? usage)
    {
        if (usage is { } told)
        {
            var json = events.Begin();
            json.WriteStartObject();
            head.Write(json);
            json.WriteStartArray("choices");
            json.WriteEndArray();
            WriteUsage(json, head, told);
            json.WriteEndObject();
            events.End();
        }

        events.WriteDone();
    }

    public static void WriteUsage(Utf8JsonWriter json, AnswerHead head, GenerationUsage usage)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", usage.PromptTokens);
        json.WriteNumber("completion_tokens", usage.CompletionTokens);
        json.WriteNumber("total_tokens", usage.Tokens);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", usage.CachedTokens);
        json.WriteEndObject();
        if (head.Price is { } price)
            json.WriteNumber("cost", price.Of(usage.Device));
        json.WriteEndObject();
    }

    public static float Number(float logprob) => float.IsFinite(logprob) ? logprob : Impossible;

    /// <summary>A token as text; one that is a part of a character in the way in which OpenAI writes bytes.</summary>
    public static string TextOf(TokenLogprob token)
    {
        var bytes = token.Bytes.Span;
        if (Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);
        var text = new StringBuilder("bytes:");
        foreach (var value in bytes)
            text.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");
        return text.ToString();
    }
}
