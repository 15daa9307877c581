using System.Text.Json;
using Serverless.Inference.Generation;
using Serverless.Inference.Generation.Sampling;
using Serverless.Worker.Generation.Answers;

namespace Serverless.Worker.Generation.Completions;

/// <summary>Writes the answer of <c>/v1/completions</c>: whole, or in chunks of the same shape.</summary>
/// <param name="head">What it begins with.</param>
/// <param name="draft">What was asked for.</param>
/// <param name="echoes">The prompts' texts, which go before their continuations; null leaves them out.</param>
internal sealed class CompletionAnswer(AnswerHead head, CompletionDraft draft, IReadOnlyList<string>? echoes) : GenerationAnswer
{
    private readonly bool[] _begun = new bool[draft.Prompts!.Count * draft.Choices];
    private readonly int[] _offsets = new int[draft.Prompts!.Count * draft.Choices];

    public override void WritePiece(EventStream events, GenerationPiece piece, GenerationUsage usage)
    {
        var echo = _begun[piece.Choice] ? "" : EchoOf(piece.Choice);
        _begun[piece.Choice] = true;
        if (echo.Length + piece.Text.Length + piece.Tokens.Count == 0 && piece.Finish is null)
            return;
        var json = events.Begin();
        json.WriteStartObject();
        head.Write(json);
        json.WriteStartArray("choices");
        WriteChoice(json, piece.Choice, echo + piece.Text, piece.Tokens, piece.Finish);
        json.WriteEndArray();
        if (draft.IncludeUsage)
            json.WriteNull("usage");
        json.WriteEndObject();
        events.End();
    }

    public override void WriteEnd(EventStream events, GenerationUsage usage) =>
        OpenAiJson.WriteEnd(events, head, draft.IncludeUsage ? usage : null);

    public override void Write(Utf8JsonWriter json, IReadOnlyList<FinishedText> texts, GenerationUsage usage)
    {
        json.WriteStartObject();
        head.Write(json);
        json.WriteStartArray("choices");
        for (var choice = 0; choice < texts.Count; choice++)
            WriteChoice(json, choice, EchoOf(choice) + texts[choice].Text, texts[choice].Tokens, texts[choice].Finish);
        json.WriteEndArray();
        OpenAiJson.WriteUsage(json, head, usage);
        json.WriteEndObject();
    }

    private string EchoOf(int choice) => echoes is null ? "" : echoes[choice / draft.Choices];

    private void WriteChoice(
        Utf8JsonWriter json, int choice, string text, IReadOnlyList<TokenLogprob> tokens, FinishReason? finish)
    {
        json.WriteStartObject();
        json.WriteNumber("index", choice);
        json.WriteString("text", text);
        if (draft.Logprobs is null)
            json.WriteNull("logprobs");
        else
            CompletionLogprobs.Write(json, tokens, ref _offsets[choice]);
        OpenAiJson.WriteFinish(json, finish);
        json.WriteEndObject();
    }
}
