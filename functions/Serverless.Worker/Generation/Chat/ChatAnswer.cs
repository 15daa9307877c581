using System.Text.Json;
using Serverless.Inference.Generation;
using Serverless.Inference.Generation.Sampling;
using Serverless.Worker.Generation.Answers;

namespace Serverless.Worker.Generation.Chat;

/// <summary>Writes the answer of <c>/v1/chat/completions</c>: whole, or as role, deltas, finish and usage.</summary>
internal sealed class ChatAnswer(AnswerHead head, ChatDraft draft) : GenerationAnswer
{
    private readonly bool[] _begun = new bool[draft.Choices];

    public override void WritePiece(EventStream events, GenerationPiece piece, GenerationUsage usage)
    {
        if (!_begun[piece.Choice])
        {
            _begun[piece.Choice] = true;
            WriteChunk(events, piece with { Text = "", Tokens = [], Finish = null }, isFirst: true);
        }

        if (piece.Text.Length > 0 || piece.Tokens.Count > 0)
            WriteChunk(events, piece with { Finish = null });
        if (piece.Finish is not null)
            WriteChunk(events, piece with { Text = "", Tokens = [] });
    }

    public override void WriteEnd(EventStream events, GenerationUsage usage) =>
        OpenAiJson.WriteEnd(events, head, draft.IncludeUsage ? usage : null);

    public override void Write(Utf8JsonWriter json, IReadOnlyList<FinishedText> texts, GenerationUsage usage)
    {
        json.WriteStartObject();
        head.Write(json);
        json.WriteStartArray("choices");
        for (var choice = 0; choice < texts.Count; choice++)
        {
            json.WriteStartObject();
            json.WriteNumber("index", choice);
            json.WriteStartObject("message");
            json.WriteString("role", "assistant");
            json.WriteString("content", texts[choice].Text);
            json.WriteNull("refusal");
            json.WriteEndObject();
            WriteLogprobs(json, texts[choice].Tokens);
            OpenAiJson.WriteFinish(json, texts[choice].Finish);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        OpenAiJson.WriteUsage(json, head, usage);
        json.WriteEndObject();
    }

    private void WriteChunk(EventStream events, GenerationPiece piece, bool isFirst = false)
    {
        var json = events.Begin();
        json.WriteStartObject();
        head.Write(json);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", piece.Choice);
        json.WriteStartObject("delta");
        if (isFirst)
            json.WriteString("role", "assistant");
        if (piece.Finish is null)
            json.WriteString("content", piece.Text);
        json.WriteEndObject();
        WriteLogprobs(json, piece.Tokens);
        OpenAiJson.WriteFinish(json, piece.Finish);
        json.WriteEndObject();
        json.WriteEndArray();
        if (draft.IncludeUsage)
            json.WriteNull("usage");
        json.WriteEndObject();
        events.End();
    }

    private void WriteLogprobs(Utf8JsonWriter json, IReadOnlyList<TokenLogprob> tokens)
    {
        if (draft.Logprobs && (tokens.Count > 0 || !draft.Stream))
            ChatLogprobs.Write(json, tokens);
        else
            json.WriteNull("logprobs");
    }
}
