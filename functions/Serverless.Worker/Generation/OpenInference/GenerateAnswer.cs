using System.Globalization;
using System.Text.Json;
using Serverless.Inference.Generation;
using Serverless.Inference.Generation.Sampling;
using Serverless.Worker.Generation.Answers;

namespace Serverless.Worker.Generation.OpenInference;

/// <summary>Writes the answer of <c>generate</c>, and the events of <c>generate_stream</c>, which have its shape.</summary>
internal sealed class GenerateAnswer(GenerateDraft draft, AnswerSource source) : GenerationAnswer
{
    private int _told;

    public override void WritePiece(EventStream events, GenerationPiece piece, GenerationUsage usage)
    {
        if (piece.Text.Length + piece.Tokens.Count == 0 && piece.Finish is null)
            return;
        Write(events.Begin(), piece.Text, piece.Tokens, piece.Finish, usage);
        events.End();
    }

    // The last event is the last piece: the protocol has no mark of its own.
    public override void WriteEnd(EventStream events, GenerationUsage usage)
    {
    }

    public override void Write(Utf8JsonWriter json, IReadOnlyList<FinishedText> texts, GenerationUsage usage) =>
        Write(json, texts[0].Text, texts[0].Tokens, texts[0].Finish, usage);

    private void Write(
        Utf8JsonWriter json, string text, IReadOnlyList<TokenLogprob> tokens, FinishReason? finish, GenerationUsage usage)
    {
        _told += tokens.Count;
        json.WriteStartObject();
        if (draft.Id is { } id)
            json.WriteString("id", id);
        json.WriteString("model_name", source.Manifest.Name);
        json.WriteString("model_version", source.Manifest.Version.ToString(CultureInfo.InvariantCulture));
        json.WriteString("text_output", text);
        if (draft.Details)
            WriteDetails(json, tokens, finish is { } reason ? ReasonOf(reason, usage) : null);
        json.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter json, IReadOnlyList<TokenLogprob> tokens, string? finish)
    {
        json.WriteStartObject("details");
        if (finish is not null)
            json.WriteString("finish_reason", finish);
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

    // A model's end token is counted, but has no text and is not told.
    private string ReasonOf(FinishReason finish, GenerationUsage usage)
    {
        if (finish == FinishReason.Length)
            return "length";
        return draft.Stop.Count > 0 && _told == usage.CompletionTokens ? "stop_sequence" : "eos_token";
    }
}
