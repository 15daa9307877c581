using System.Text.Unicode;
using Serverless.Contracts.Errors;
using Serverless.Inference.Tensors;

namespace Serverless.Worker.Http;

/// <summary>Reads a request's JSON into one block of native memory, where a reader can go over it without seams.</summary>
internal static class JsonBody
{
    /// <param name="context">The request.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="most">The most bytes, if that is less than the worker's own limit.</param>
    /// <exception cref="InferenceException">It is not JSON by its headers, is empty, too large or not UTF-8.</exception>
    public static async Task<TensorBuffer> ReadAsync(HttpContext context, CancellationToken cancellationToken, long most = long.MaxValue)
    {
        CheckContentType(context.Request);
        var buffer = await RequestBody.Open(context, most).ReadToEndAsync(cancellationToken);
        try
        {
            CheckText(buffer.Span);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <exception cref="InferenceException">It is empty, or not UTF-8.</exception>
    public static void CheckText(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            throw new InferenceException(ErrorKind.InvalidRequest, "The request body is empty where JSON is wanted.");
        if (!Utf8.IsValid(text))
            throw new InferenceException(ErrorKind.InvalidRequest, "The request body is not valid UTF-8.");
    }

    /// <exception cref="InferenceException">The body is not JSON by its headers.</exception>
    public static void CheckContentType(HttpRequest request)
    {
        var type = request.ContentType;
        if (type is "application/json" or null or "")
            return;
        if (!request.HasJsonContentType())
        {
            throw new InferenceException(
                ErrorKind.UnsupportedMediaType, "The Content-Type is not supported; send application/json in UTF-8.");
        }

        if (type.Contains("charset", StringComparison.OrdinalIgnoreCase) && !type.Contains("utf-8", StringComparison.OrdinalIgnoreCase))
            throw new InferenceException(ErrorKind.UnsupportedMediaType, "The charset is not supported; send application/json in UTF-8.");
    }
}
