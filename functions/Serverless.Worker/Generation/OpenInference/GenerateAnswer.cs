using System.Globalization;
using System.Text.Json;
using Serverless.Inference.Generation;
using Serverless.Inference.Generation.Sampling;
using Serverless.Worker.Generation.Answers;

namespace Serverless.Worker.Generation.OpenInference;

/// <summary>Writes the answer of <c>generate</c>, and the events of <c>generate_stream</c>, which have its shape.</summary>
internal sealed class GenerateAnswer(GenerateDraft draft, AnswerSource source) : GenerationAnswer
{
    public override void WritePiece(EventStream events, GenerationPiece piece)
    {
        if (piece.Text.Length + piece.Tokens.Count == 0 && piece.Finish is null)
            return;
        Write(events.Begin(), piece.Text, piece.Tokens, piece.Finish);
        events.End();
    }

    // The last event is the last piece: the protocol has no mark of its own.
    public override void WriteEnd(EventStream events, GenerationUsage usage)
    {
    }

    public override void Write(Utf8JsonWriter json, IReadOnlyList<FinishedText> texts, GenerationUsage usage) =>
        Write(json, texts[0].Text, texts[0].Tokens, texts[0].Finish);

    private void Write(Utf8JsonWriter json, string text, IReadOnlyList<TokenLogprob> tokens, FinishReason? finish)
    {
        json.WriteStartObject();
        if (draft.Id is { } id)
            json.WriteString("id", id);
        json.WriteString("model_name", source.Manifest.Name);
        json.WriteString("model_version", source.Manifest.Version.ToString(CultureInfo.InvariantCulture));
        json.WriteString("text_output", text);
        if (draft.Details)
            WriteDetails(json, tokens, finish);
        json.WriteEndObject();
    }

    private void WriteDetails(Utf8JsonWriter json, IReadOnlyList<TokenLogprob> tokens, FinishReason? finish)
    {
        json.WriteStartObject("details");
        if (finish is { } reason)
            json.WriteString("finish_reason", ReasonOf(reason, tokens));
        json.WriteStartArray("logprobs");
        foreach (var token in tokens)
        {
            json.WriteStartObject();
            json.WriteNumber("id", token.Token);
            json.WriteString("text", OpenAiJson.TextOf(token));
            json.WriteNumber("logprob", OpenAiJson.Number(token.Logprob));
            json.WriteBoolean("special", token.Bytes.IsEmpty);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Only a control token, which has no text, ends a text by itself.
    private string ReasonOf(FinishReason finish, IReadOnlyList<TokenLogprob> tokens)
    {
        if (finish == FinishReason.Length)
            return "length";
        return draft.Stop.Count > 0 && tokens is [.., { Bytes.IsEmpty: false }] ? "stop_sequence" : "eos_token";
    }
}
