using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Inference.Embeddings;
using Serverless.Worker.Http;
using Serverless.Worker.OpenInference;

namespace Serverless.Worker.OpenAi;

/// <summary>Reads a request to <c>/v1/embeddings</c>.</summary>
internal static class EmbeddingRequestReader
{
    /// <exception cref="InferenceException">It is not valid JSON, or breaks a rule of the API.</exception>
    public static EmbeddingRequest Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = JsonBody.Reader(body);
            return Read(ref reader);
        }
        catch (JsonException error)
        {
            throw JsonBody.NotJson(error);
        }
    }

    private static EmbeddingRequest Read(ref Utf8JsonReader reader)
    {
        string? model = null;
        IReadOnlyList<EmbeddingInput>? inputs = null;
        var base64 = false;
        reader.Read();
        JsonValues.ExpectObjectAsBody(ref reader);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = reader.GetString();
            reader.Read();
            switch (property)
            {
                case "model":
                    model = JsonValues.String(ref reader, "model");
                    break;
                case "input":
                    inputs = EmbeddingInputReader.Read(ref reader);
                    break;
                case "encoding_format":
                    base64 = IsBase64(ref reader);
                    break;
                case "dimensions" when reader.TokenType != JsonTokenType.Null:
                    throw JsonValues.Invalid("dimensions is not supported: this platform's embedders answer vectors whole.", "dimensions");
                default:
                    reader.Skip();
                    break;
            }
        }

        reader.Read();
        return new EmbeddingRequest(
            model ?? throw JsonValues.Invalid("model is missing.", "model"),
            inputs ?? throw JsonValues.Invalid("input is missing.", "input"),
            base64);
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
}
