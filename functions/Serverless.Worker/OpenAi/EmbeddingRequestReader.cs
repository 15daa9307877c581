using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Inference.Embeddings;
using Serverless.Worker.Json;

namespace Serverless.Worker.OpenAi;

/// <summary>Reads a request to <c>/v1/embeddings</c>.</summary>
internal static class EmbeddingRequestReader
{
    /// <exception cref="InferenceException">It is not valid JSON, or breaks a rule of the API.</exception>
    public static EmbeddingRequest Read(ReadOnlySpan<byte> body)
    {
        var draft = new Draft();
        JsonBodies.Read(body, draft, Read);
        return new EmbeddingRequest(
            draft.Model ?? throw JsonValues.Invalid("model is missing.", "model"),
            draft.Inputs ?? throw JsonValues.Invalid("input is missing.", "input"),
            draft.Base64);
    }

    private static bool Read(ref Utf8JsonReader reader, string property, Draft draft)
    {
        switch (property)
        {
            case "model":
                draft.Model = JsonValues.String(ref reader, "model");
                return true;
            case "input":
                draft.Inputs = EmbeddingInputReader.Read(ref reader);
                return true;
            case "encoding_format":
                draft.Base64 = IsBase64(ref reader);
                return true;
            case "dimensions" when reader.TokenType != JsonTokenType.Null:
                throw JsonValues.Invalid("dimensions is not supported: this platform's embedders answer vectors whole.", "dimensions");
            default:
                return false;
        }
    }

    private static bool IsBase64(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return false;
        return JsonValues.String(ref reader, "encoding_format") switch
        {
            "float" => false,
            "base64" => true,
            _ => throw JsonValues.Invalid("encoding_format must be float or base64.", "encoding_format"),
        };
    }

    private sealed class Draft
    {
        public string? Model { get; set; }

        public IReadOnlyList<EmbeddingInput>? Inputs { get; set; }

        public bool Base64 { get; set; }
    }
}
