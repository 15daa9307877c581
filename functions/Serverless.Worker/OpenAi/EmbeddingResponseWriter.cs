using System.Runtime.InteropServices;
using System.Text.Json;
using Serverless.Inference.Embeddings;
using Serverless.Worker.Costs;
using Serverless.Worker.Http;

namespace Serverless.Worker.OpenAi;

/// <summary>Writes the answer of <c>/v1/embeddings</c>.</summary>
internal static class EmbeddingResponseWriter
{
    /// <param name="context">The request.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="price">What the cost in its usage is reckoned by; null where it is not asked for.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public static async Task WriteAsync(
        HttpContext context, EmbeddingRequest request, EmbeddingOutcome outcome, ReplicaPrice? price, CancellationToken cancellationToken)
    {
        await using var answer = new JsonAnswer(context, cancellationToken);
        var json = answer.Json;
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        for (var i = 0; i < outcome.Vectors.Count; i++)
        {
            Write(json, i, outcome.Vectors[i], request.Base64);
            await answer.FlushIfLargeAsync();
        }

        json.WriteEndArray();
        json.WriteString("model", request.Model);
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", outcome.Tokens);
        json.WriteNumber("total_tokens", outcome.Tokens);
        if (price is not null)
            json.WriteNumber("cost", price.Of(outcome.Device));
        json.WriteEndObject();
        json.WriteEndObject();
        await answer.CompleteAsync();
    }

    private static void Write(Utf8JsonWriter json, int index, float[] vector, bool base64)
    {
        json.WriteStartObject();
        json.WriteString("object", "embedding");
        json.WriteNumber("index", index);
        if (base64)
        {
            // Little-endian, as the API wants it and as every processor that .NET 10 runs ONNX models on has it.
            json.WriteBase64String("embedding", MemoryMarshal.AsBytes(vector.AsSpan()));
        }
        else
        {
            json.WriteStartArray("embedding");
            foreach (var value in vector)
                json.WriteNumberValue(value);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
