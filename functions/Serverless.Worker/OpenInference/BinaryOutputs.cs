using System.Buffers.Binary;
using System.Globalization;
using Serverless.Inference.Execution;
using Serverless.Inference.Tensors;
using Serverless.Worker.Http;

namespace Serverless.Worker.OpenInference;

/// <summary>Writes outputs in binary after the JSON of an answer.</summary>
internal static class BinaryOutputs
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>How many bytes <paramref name="output"/> has in binary.</summary>
    public static long SizeOf(Tensor output)
    {
        if (output.Datatype != TensorDatatype.Bytes)
            return output.Count * Datatypes.SizeOf(output.Datatype);
        var size = output.Count * sizeof(uint);
        for (var i = 0; i < output.Count; i++)
            size += output.StringAt(i).Length;
        return size;
    }

    /// <summary>Copies <paramref name="output"/> in binary into memory of exactly its size.</summary>
    public static void CopyTo(Tensor output, Span<byte> memory)
    {
        if (output.Datatype != TensorDatatype.Bytes)
        {
            output.Data.CopyTo(memory);
            return;
        }

        for (var i = 0; i < output.Count; i++)
        {
            var bytes = output.StringAt(i);
            BinaryPrimitives.WriteUInt32LittleEndian(memory, (uint)bytes.Length);
            bytes.CopyTo(memory[sizeof(uint)..]);
            memory = memory[(sizeof(uint) + bytes.Length)..];
        }
    }

    /// <summary>Writes the outputs that <paramref name="request"/> wants in binary; all that has been written so far is the JSON.</summary>
    public static async ValueTask WriteAsync(HttpContext context, Answer answer, InferRequest request, RunOutcome outcome)
    {
        var json = answer.Pending;
        context.Response.Headers["Inference-Header-Content-Length"] = json.ToString(CultureInfo.InvariantCulture);
        var total = (long)json;
        for (var i = 0; i < outcome.Outputs.Count; i++)
            total += request.IsBinary(i) ? SizeOf(outcome.Outputs[i]) : 0;
        answer.Announce(total);
        for (var i = 0; i < outcome.Outputs.Count; i++)
        {
            if (request.IsBinary(i))
                await WriteAsync(answer, outcome.Outputs[i]);
        }
    }

    private static async ValueTask WriteAsync(Answer answer, Tensor output)
    {
        if (output.Datatype == TensorDatatype.Bytes)
        {
            for (var i = 0; i < output.Count; i++)
            {
                WriteString(answer, output.StringAt(i));
                await answer.FlushIfLargeAsync();
            }

            return;
        }

        var length = output.Data.Length;
        for (var start = 0; start < length; start += ChunkBytes)
        {
            answer.Write(output.Data.Slice(start, Math.Min(ChunkBytes, length - start)));
            await answer.FlushIfLargeAsync();
        }
    }

    private static void WriteString(Answer answer, ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(answer.GetSpan(sizeof(uint)), (uint)bytes.Length);
        answer.Advance(sizeof(uint));
        answer.Write(bytes);
    }
}
