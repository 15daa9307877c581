using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Serverless.Inference.Tensors;
using Serverless.Worker.OpenInference;

namespace Serverless.Worker.Stages;

/// <summary>A request of the Open Inference Protocol with all tensors in binary: JSON says what they are, their bytes follow.</summary>
internal sealed class StageContent : HttpContent
{
    private const int ChunkBytes = 64 * 1024;

    private static readonly StreamPipeWriterOptions Chunks = new(minimumBufferSize: ChunkBytes, leaveOpen: true);

    private readonly IReadOnlyList<Tensor> _inputs;
    private readonly ReadOnlyMemory<byte> _json;
    private readonly long _length;

    /// <param name="inputs">They stay the caller's, and must be there until the answer is: a request may be sent twice.</param>
    /// <param name="outputs">Names of the outputs wanted.</param>
    public StageContent(IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs)
    {
        _inputs = inputs;
        _json = WriteJson(inputs, outputs);
        _length = _json.Length + inputs.Sum(BinaryOutputs.SizeOf);
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    /// <summary>Bytes of JSON before those of the tensors.</summary>
    public int JsonLength => _json.Length;

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var writer = PipeWriter.Create(stream, Chunks);
        writer.Write(_json.Span);
        foreach (var input in _inputs)
            await WriteAsync(writer, input, cancellationToken);
        await writer.FlushAsync(cancellationToken);
        await writer.CompleteAsync();
    }

    private static async ValueTask WriteAsync(PipeWriter writer, Tensor input, CancellationToken cancellationToken)
    {
        if (input.Datatype == TensorDatatype.Bytes)
        {
            var size = checked((int)BinaryOutputs.SizeOf(input));
            BinaryOutputs.CopyTo(input, writer.GetSpan(size)[..size]);
            writer.Advance(size);
            return;
        }

        var length = input.Data.Length;
        for (var start = 0; start < length; start += ChunkBytes)
        {
            writer.Write(input.Data.Slice(start, Math.Min(ChunkBytes, length - start)));
            await writer.FlushAsync(cancellationToken);
        }
    }

    private static ReadOnlyMemory<byte> WriteJson(IReadOnlyList<Tensor> inputs, IReadOnlyList<string> outputs)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartObject("parameters");
        json.WriteBoolean("binary_data_output", true);
        json.WriteEndObject();
        json.WriteStartArray("inputs");
        foreach (var input in inputs)
            WriteJson(json, input);
        json.WriteEndArray();
        json.WriteStartArray("outputs");
        foreach (var name in outputs)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteJson(Utf8JsonWriter json, Tensor input)
    {
        json.WriteStartObject();
        json.WriteString("name", input.Name);
        json.WriteString("datatype", Datatypes.NameOf(input.Datatype));
        json.WriteStartArray("shape");
        foreach (var size in input.Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartObject("parameters");
        json.WriteNumber("binary_data_size", BinaryOutputs.SizeOf(input));
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
