using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using Serverless.Inference.Tensors;
using Serverless.Worker.OpenInference;

namespace Serverless.Worker.Stages;

/// <summary>Reads the answer to a <see cref="StageContent"/> straight into the memory in which the next stage takes it.</summary>
internal static class StageAnswer
{
    // Names and shapes of up to a thousand tensors.
    private const int MaxJsonBytes = 1 << 20;

    private const string LengthHeader = "Inference-Header-Content-Length";

    private static readonly StreamPipeReaderOptions Chunks = new(bufferSize: 64 * 1024);

    /// <exception cref="InvalidDataException">It is not such an answer.</exception>
    /// <exception cref="IOException">It breaks off.</exception>
    public static async ValueTask<Tensor[]> ReadAsync(
        HttpResponseMessage response, IReadOnlyList<string> outputs, CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellationToken), Chunks);
        var heads = ParseHeads(await ReadJsonAsync(reader, LengthOf(response), cancellationToken), outputs);
        var tensors = new Tensor[heads.Length];
        try
        {
            for (var i = 0; i < heads.Length; i++)
                tensors[i] = await ReadTensorAsync(reader, heads[i], cancellationToken);
            await reader.CompleteAsync();
            return tensors;
        }
        catch
        {
            foreach (var tensor in tensors)
                tensor?.Dispose();
            throw;
        }
    }

    private static int LengthOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues(LengthHeader, out var values)
        && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= MaxJsonBytes
            ? length
            : throw new InvalidDataException($"it has no {LengthHeader} of up to {MaxJsonBytes}");

    private static async ValueTask<byte[]> ReadJsonAsync(PipeReader reader, int length, CancellationToken cancellationToken)
    {
        var result = await reader.ReadAtLeastAsync(length, cancellationToken);
        if (result.Buffer.Length < length)
            throw new EndOfStreamException("The answer ends within its JSON.");
        var json = result.Buffer.Slice(0, length);
        var copy = json.ToArray();
        reader.AdvanceTo(json.End);
        return copy;
    }

    private static async ValueTask<Tensor> ReadTensorAsync(PipeReader reader, BinaryInput head, CancellationToken cancellationToken)
    {
        var buffer = TensorBuffer.Rent(head.Size);
        try
        {
            for (var filled = 0; filled < buffer.Length;)
            {
                var result = await reader.ReadAsync(cancellationToken);
                var part = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, buffer.Length - filled));
                part.CopyTo(buffer.Span[filled..]);
                filled += (int)part.Length;
                reader.AdvanceTo(part.End);
                if (result.IsCompleted && filled < buffer.Length)
                    throw new EndOfStreamException("The answer ends within a tensor.");
            }

            return BinaryTensor.Create(head, buffer);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static BinaryInput[] ParseHeads(byte[] json, IReadOnlyList<string> outputs)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            BinaryInput[] heads = [.. document.RootElement.GetProperty("outputs").EnumerateArray().Select(ParseHead)];
            return heads.Select(head => head.Name).SequenceEqual(outputs, StringComparer.Ordinal)
                ? heads
                : throw new InvalidDataException("it has other outputs than were asked for");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException("its JSON is not that of the protocol", error);
        }
    }

    private static BinaryInput ParseHead(JsonElement output, int index)
    {
        var name = output.GetProperty("name").GetString() ?? "";
        long[] shape = [.. output.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        var size = output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32();
        return Datatypes.TryParse(output.GetProperty("datatype").GetString() ?? "", out var datatype)
            && TensorShape.TryCount(shape, out var count) && size >= 0
            && (datatype == TensorDatatype.Bytes || count * (decimal)Datatypes.SizeOf(datatype) == size)
                ? new BinaryInput(index, name, datatype, shape, count, size)
                : throw new InvalidDataException($"the size of its output '{name}' is not that of its shape");
    }
}
