using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Inference.Tensors;
using Serverless.Worker.Configuration;

namespace Serverless.Worker.Http;

/// <summary>Reads a request's JSON into one block of native memory, where a reader can go over it without seams.</summary>
internal static class JsonBody
{
    // Memory is taken as bytes arrive, not as Content-Length promises.
    private const int FirstBlock = 64 * 1024;

    /// <exception cref="InferenceException">It is not JSON by its headers, is empty, too large or not UTF-8.</exception>
    public static async Task<TensorBuffer> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        CheckHeaders(context.Request);
        var limit = context.RequestServices.GetRequiredService<IOptions<WorkerOptions>>().Value.MaxBodyBytes;
        if (context.Request.ContentLength > limit)
            throw TooLarge(limit);
        var buffer = TensorBuffer.Rent(FirstBlock);
        try
        {
            var length = await FillAsync(context, buffer, limit, cancellationToken);
            if (length == 0)
                throw Invalid("The request body is empty where JSON is wanted.");
            buffer.Resize(length);
            return Utf8.IsValid(buffer.Span) ? buffer : throw Invalid("The request body is not valid UTF-8.");
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>The reader for a body: strict JSON, at most 64 deep.</summary>
    public static Utf8JsonReader Reader(ReadOnlySpan<byte> body) => new(body, new JsonReaderOptions { MaxDepth = 64 });

    /// <summary>What the reader's complaint means to the caller.</summary>
    public static InferenceException NotJson(JsonException error) =>
        new(ErrorKind.InvalidRequest, $"The request body is not valid JSON: {error.Message}", inner: error);

    private static async Task<int> FillAsync(HttpContext context, TensorBuffer buffer, long limit, CancellationToken cancellationToken)
    {
        var pipe = context.Request.BodyReader;
        var length = 0;
        while (true)
        {
            var result = await pipe.ReadAsync(cancellationToken);
            foreach (var segment in result.Buffer)
            {
                if (segment.Length > limit - length)
                    throw TooLarge(limit);
                if (segment.Length > buffer.Length - length)
                    buffer.Resize((int)Math.Min(limit, Math.Max(buffer.Length * 2L, length + segment.Length)));
                segment.Span.CopyTo(buffer.Span[length..]);
                length += segment.Length;
            }

            pipe.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                return length;
        }
    }

    private static void CheckHeaders(HttpRequest request)
    {
        if (request.Headers.ContainsKey("Inference-Header-Content-Length"))
        {
            throw new InferenceException(
                ErrorKind.NotImplemented, "Binary tensor data (Inference-Header-Content-Length) is not supported yet; send JSON.");
        }

        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            throw new InferenceException(ErrorKind.UnsupportedMediaType, "Content-Encoding is not supported; send the body as it is.");
        var type = request.ContentType;
        if (!string.IsNullOrEmpty(type) && !request.HasJsonContentType())
        {
            throw new InferenceException(
                ErrorKind.UnsupportedMediaType, "The Content-Type is not supported; send application/json in UTF-8.");
        }

        if (type is not null && type.Contains("charset", StringComparison.OrdinalIgnoreCase)
            && !type.Contains("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            throw new InferenceException(ErrorKind.UnsupportedMediaType, "The charset is not supported; send application/json in UTF-8.");
        }
    }

    private static InferenceException TooLarge(long limit) =>
        new(ErrorKind.PayloadTooLarge, $"The request body is larger than the {limit} bytes allowed (Worker:MaxBodyBytes).");

    private static InferenceException Invalid(string message) => new(ErrorKind.InvalidRequest, message);
}
