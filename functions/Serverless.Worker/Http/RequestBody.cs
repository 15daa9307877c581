using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Inference.Tensors;
using Serverless.Worker.Configuration;

namespace Serverless.Worker.Http;

/// <summary>A request's body, decoded and bounded.</summary>
/// <param name="Pipe">Where its bytes come from.</param>
/// <param name="Length">How many they are; null where that is not known before the end.</param>
/// <param name="Limit">How many they may be.</param>
/// <param name="Rule">Who says so, for messages.</param>
internal readonly record struct RequestBody(PipeReader Pipe, long? Length, long Limit, string Rule)
{
    // Memory is taken as bytes arrive, not as Content-Length promises.
    private const int FirstBlock = 64 * 1024;

    /// <exception cref="InferenceException">It is too large by its own word, or encoded in a way that is not known.</exception>
    public static RequestBody Open(HttpContext context, long most = long.MaxValue)
    {
        var request = context.Request;
        var set = context.RequestServices.GetRequiredService<IOptions<WorkerOptions>>().Value.MaxBodyBytes;
        var (limit, rule) = most < set ? (most, "at this path") : (set, "Worker:MaxBodyBytes");
        if (request.ContentLength > limit)
            throw TooLarge(limit, rule);
        var encoding = request.Headers.ContentEncoding;
        return encoding.Count == 0
            ? new RequestBody(request.BodyReader, request.ContentLength, limit, rule)
            : Decode(request, encoding.ToString(), limit, rule);
    }

    /// <summary>Reads at least one more byte, or to the end.</summary>
    public async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Pipe.ReadAsync(cancellationToken);
        }
        catch (InvalidDataException error)
        {
            throw new InferenceException(
                ErrorKind.InvalidRequest, "The request body is not what its Content-Encoding says: it cannot be decompressed.", inner: error);
        }
    }

    /// <summary>Reads what is left into one block of memory.</summary>
    public async ValueTask<TensorBuffer> ReadToEndAsync(CancellationToken cancellationToken)
    {
        var buffer = TensorBuffer.Rent((int)Math.Min(FirstBlock, Limit));
        try
        {
            var length = 0;
            while (true)
            {
                var result = await ReadAsync(cancellationToken);
                length = Append(buffer, length, result.Buffer);
                Pipe.AdvanceTo(result.Buffer.End);
                if (!result.IsCompleted)
                    continue;
                buffer.Resize(length);
                return buffer;
            }
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>Fills <paramref name="buffer"/>.</summary>
    /// <exception cref="InferenceException">The body ends before it is full.</exception>
    public async ValueTask FillAsync(TensorBuffer buffer, CancellationToken cancellationToken)
    {
        for (var filled = 0; filled < buffer.Length;)
        {
            var result = await ReadAsync(cancellationToken);
            var part = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, buffer.Length - filled));
            part.CopyTo(buffer.Span[filled..]);
            filled += (int)part.Length;
            Pipe.AdvanceTo(part.End);
            if (result.IsCompleted && filled < buffer.Length)
                throw new InferenceException(ErrorKind.InvalidRequest, "The request body ends before the data that it announces.");
        }
    }

    private int Append(TensorBuffer buffer, int length, ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            if (segment.Length > Limit - length)
                throw TooLarge(Limit, Rule);
            if (segment.Length > buffer.Length - length)
                buffer.Resize((int)Math.Min(Limit, Math.Max(Math.Max(buffer.Length * 2L, Length ?? 0), length + segment.Length)));
            segment.Span.CopyTo(buffer.Span[length..]);
            length += segment.Length;
        }

        return length;
    }

    private static RequestBody Decode(HttpRequest request, string encoding, long limit, string rule)
    {
        Stream? decoded = encoding.ToLowerInvariant() switch
        {
            "" or "identity" => null,
            "gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
            // HTTP's "deflate" has zlib's frame around it.
            "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress),
            _ => throw new InferenceException(
                ErrorKind.UnsupportedMediaType, "The Content-Encoding is not supported; send gzip, deflate or the body as it is."),
        };
        if (decoded is null)
            return new RequestBody(request.BodyReader, request.ContentLength, limit, rule);
        request.HttpContext.Response.RegisterForDispose(decoded);
        return new RequestBody(PipeReader.Create(decoded), null, limit, rule);
    }

    private static InferenceException TooLarge(long limit, string rule) =>
        new(ErrorKind.PayloadTooLarge, $"The request body is larger than the {limit} bytes allowed ({rule}).");
}
