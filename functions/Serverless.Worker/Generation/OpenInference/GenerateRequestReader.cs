using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Worker.Generation.Parameters;
using Serverless.Worker.Json;

namespace Serverless.Worker.Generation.OpenInference;

/// <summary>
/// Reads a request of the protocol's extension for text: <c>{"id", "text_input", "parameters": {…}}</c>, where parameters may as well stand
/// beside <c>text_input</c>.
/// </summary>
internal static class GenerateRequestReader
{
    // The protocol's own.
    private const int DefaultMaxTokens = 20;

    private static readonly ParameterTable<GenerateDraft> Parameters = new(
        new Dictionary<string, ParameterReader<GenerateDraft>>
        {
            ["details"] = static (ref reader, name, draft) => draft.Details = JsonNumbers.Boolean(ref reader, name),
            ["stream"] = static (ref reader, name, draft) => draft.SaidStream = JsonNumbers.Boolean(ref reader, name),
        },
        [],
        new Dictionary<string, string>());

    /// <exception cref="InferenceException">It is not valid JSON, or breaks a rule of the protocol.</exception>
    public static GenerateDraft Read(ReadOnlySpan<byte> body, bool stream)
    {
        var draft = new GenerateDraft { MaxTokens = DefaultMaxTokens, Stream = stream };
        JsonBodies.Read(body, draft, Read);
        if (draft.TextInput is null)
            throw JsonValues.Invalid("text_input is missing.", "text_input");
        if (draft.SaidStream is { } said && said != stream)
            throw JsonValues.Invalid($"stream is {(said ? "true" : "false")}; use {(said ? "generate_stream" : "generate")} for that.", "stream");
        return draft;
    }

    private static bool Read(ref Utf8JsonReader reader, string property, GenerateDraft draft)
    {
        switch (property)
        {
            case "id":
                draft.Id = reader.TokenType == JsonTokenType.Null ? null : JsonValues.String(ref reader, property);
                return true;
            case "text_input":
                draft.TextInput = JsonValues.String(ref reader, property);
                return true;
            case "parameters" when reader.TokenType == JsonTokenType.Null:
                return true;
            case "parameters":
                JsonValues.Expect(ref reader, JsonTokenType.StartObject, property);
                JsonBodies.ReadProperties(ref reader, draft, Parameters.Read);
                return true;
            default:
                return Parameters.Read(ref reader, property, draft);
        }
    }
}
