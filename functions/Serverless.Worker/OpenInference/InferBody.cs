using System.Globalization;
using Serverless.Contracts.Errors;
using Serverless.Inference.Tensors;
using Serverless.Worker.Http;
using Serverless.Worker.Json;

namespace Serverless.Worker.OpenInference;

/// <summary>Reads the body of an inference request: JSON, JSON with binary tensors after it, or the bytes of a single tensor.</summary>
internal static class InferBody
{
    private const string LengthHeader = "Inference-Header-Content-Length";

    /// <exception cref="InferenceException">It cannot be read, or does not fit the model.</exception>
    public static ValueTask<InferRequest> ReadAsync(HttpContext context, SignatureTable model, CancellationToken cancellationToken)
    {
        var header = context.Request.Headers[LengthHeader];
        if (header.Count > 0)
            return ReadBinaryAsync(RequestBody.Open(context), ParseLength(header.ToString()), model, cancellationToken);
        JsonBody.CheckContentType(context.Request);
        return ReadJsonAsync(RequestBody.Open(context), model, cancellationToken);
    }

    private static async ValueTask<InferRequest> ReadJsonAsync(RequestBody body, SignatureTable model, CancellationToken cancellationToken)
    {
        // A small body lies in one piece where the connection has put it: it is read there.
        var result = await body.ReadAsync(cancellationToken);
        if (result is { IsCompleted: true, Buffer.IsSingleSegment: true } && result.Buffer.Length <= body.Limit)
        {
            try
            {
                return Parse(result.Buffer.FirstSpan, model);
            }
            finally
            {
                body.Pipe.AdvanceTo(result.Buffer.End);
            }
        }

        body.Pipe.AdvanceTo(result.Buffer.Start);
        using var text = await body.ReadToEndAsync(cancellationToken);
        return Parse(text.Span, model);
    }

    private static InferRequest Parse(ReadOnlySpan<byte> text, SignatureTable model)
    {
        JsonBody.CheckText(text);
        var request = InferRequestReader.Read(text, model);
        if (request.BinaryInputs is not { } binary)
            return request;
        request.Dispose();
        throw JsonValues.Invalid(
            $"Input '{binary[0].Name}' has binary_data_size, but the header {LengthHeader} is missing, which says where its data begins.",
            binary[0].Name);
    }

    private static async ValueTask<InferRequest> ReadBinaryAsync(
        RequestBody body, int jsonLength, SignatureTable model, CancellationToken cancellationToken)
    {
        var first = await body.ReadAsync(cancellationToken);
        if (first is { IsCompleted: true, Buffer.IsSingleSegment: true } && first.Buffer.Length <= body.Limit)
        {
            try
            {
                return ReadWhole(first.Buffer.FirstSpan, jsonLength, model);
            }
            finally
            {
                body.Pipe.AdvanceTo(first.Buffer.End);
            }
        }

        body.Pipe.AdvanceTo(first.Buffer.Start);
        // Without a length nobody knows whether what the JSON promises will come: nothing is taken before it is there.
        if (body.Length is not { } length || jsonLength == 0)
        {
            using var whole = await body.ReadToEndAsync(cancellationToken);
            return ReadWhole(whole.Span, jsonLength, model);
        }

        if (jsonLength > length)
            throw TooShort(jsonLength, length);
        InferRequest request;
        using (var text = TensorBuffer.Rent(jsonLength))
        {
            await body.FillAsync(text, cancellationToken);
            JsonBody.CheckText(text.Span);
            request = InferRequestReader.Read(text.Span, model);
        }

        try
        {
            CheckLength(request, length - jsonLength);
            await ReadTensorsAsync(body, request, cancellationToken);
            return request;
        }
        catch
        {
            request.Dispose();
            throw;
        }
    }

    private static async ValueTask ReadTensorsAsync(RequestBody body, InferRequest request, CancellationToken cancellationToken)
    {
        foreach (var input in request.BinaryInputs ?? [])
        {
            var buffer = TensorBuffer.Rent(input.Size);
            try
            {
                await body.FillAsync(buffer, cancellationToken);
                request.Inputs[input.Index] = BinaryTensor.Create(input, buffer);
            }
            catch
            {
                buffer.Dispose();
                throw;
            }
        }
    }

    private static InferRequest ReadWhole(ReadOnlySpan<byte> body, int jsonLength, SignatureTable model) =>
        jsonLength == 0 ? RawRequest.Read(body, model) : Split(body, jsonLength, model);

    private static InferRequest Split(ReadOnlySpan<byte> whole, int jsonLength, SignatureTable model)
    {
        if (jsonLength > whole.Length)
            throw TooShort(jsonLength, whole.Length);
        JsonBody.CheckText(whole[..jsonLength]);
        var request = InferRequestReader.Read(whole[..jsonLength], model);
        try
        {
            CheckLength(request, whole.Length - jsonLength);
            var rest = whole[jsonLength..];
            foreach (var input in request.BinaryInputs ?? [])
            {
                request.Inputs[input.Index] = BinaryTensor.Create(input, rest[..input.Size]);
                rest = rest[input.Size..];
            }

            return request;
        }
        catch
        {
            request.Dispose();
            throw;
        }
    }

    private static void CheckLength(InferRequest request, long available)
    {
        var wanted = request.BinaryInputs?.Sum(input => (long)input.Size) ?? 0;
        if (wanted != available)
        {
            throw JsonValues.Invalid(
                $"The inputs' binary_data_size add up to {wanted} bytes, but {available} bytes follow the JSON of {LengthHeader}.");
        }
    }

    private static int ParseLength(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length
            : throw JsonValues.Invalid($"The header {LengthHeader} must be the number of bytes of JSON at the start of the body.");

    private static InferenceException TooShort(int jsonLength, long length) => JsonValues.Invalid(
        $"The header {LengthHeader} says that the JSON has {jsonLength} bytes, but the body has {length}.");
}
