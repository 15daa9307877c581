using System.Globalization;
using System.Text;
using Serverless.Inference.Execution;
using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;
using Serverless.Worker.Http;

namespace Serverless.Worker.OpenInference;

/// <summary>Writes the answer of an inference: JSON with data flat, and after it the outputs that are wanted in binary.</summary>
internal static class InferAnswer
{
    // Elements between two looks at how much is waiting to leave: at most 25 characters each.
    private const int ChunkElements = 2048;

    // The longest whole number and a comma.
    private const int MaxNumber = 21;

    public static async Task WriteAsync(
        HttpContext context, ModelManifest manifest, InferRequest request, RunOutcome outcome, CancellationToken cancellationToken)
    {
        context.Response.ContentType = request.BinaryOutputs is null ? "application/json" : "application/octet-stream";
        using var answer = new Answer(context, cancellationToken);
        var model = request.Model;
        WriteHead(answer, manifest, request.Id);
        for (var i = 0; i < outcome.Outputs.Count; i++)
        {
            var output = outcome.Outputs[i];
            if (i > 0)
                answer.Write(","u8);
            WriteHead(answer, model.HeadOf(output.Name), output);
            if (request.IsBinary(i))
                WriteSize(answer, BinaryOutputs.SizeOf(output));
            else
                await WriteDataAsync(answer, output, mayLeave: request.BinaryOutputs is null);
        }

        answer.Write("]}"u8);
        if (request.BinaryOutputs is not null)
            await BinaryOutputs.WriteAsync(context, answer, request, outcome);
        await answer.CompleteAsync();
    }

    // Names of models are plain by their rule; an id may be anything.
    private static void WriteHead(Answer answer, ModelManifest manifest, string? id)
    {
        answer.Write("{\"model_name\":\""u8);
        answer.Advance(Encoding.ASCII.GetBytes(manifest.Name, answer.GetSpan(manifest.Name.Length)));
        answer.Write("\",\"model_version\":\""u8);
        WriteNumber(answer, manifest.Version);
        answer.Write("\""u8);
        if (id is not null)
        {
            answer.Write(",\"id\":"u8);
            JsonTensorWriter.WriteString(answer, Encoding.UTF8.GetBytes(id));
        }

        answer.Write(",\"outputs\":["u8);
    }

    private static void WriteHead(Answer answer, ReadOnlySpan<byte> head, Tensor output)
    {
        answer.Write(head);
        for (var axis = 0; axis < output.Shape.Count; axis++)
        {
            if (axis > 0)
                answer.Write(","u8);
            WriteNumber(answer, output.Shape[axis]);
        }

        answer.Write("]"u8);
    }

    private static void WriteSize(Answer answer, long size)
    {
        answer.Write(",\"parameters\":{\"binary_data_size\":"u8);
        WriteNumber(answer, size);
        answer.Write("}}"u8);
    }

    private static async ValueTask WriteDataAsync(Answer answer, Tensor output, bool mayLeave)
    {
        answer.Write(",\"data\":["u8);
        for (var start = 0; start < output.Count; start += ChunkElements)
        {
            if (start > 0)
                answer.Write(","u8);
            JsonTensorWriter.Write(answer, output, start, (int)Math.Min(ChunkElements, output.Count - start));
            if (mayLeave)
                await answer.FlushIfLargeAsync();
        }

        answer.Write("]}"u8);
    }

    private static void WriteNumber(Answer answer, long number)
    {
        number.TryFormat(answer.GetSpan(MaxNumber), out var written, default, CultureInfo.InvariantCulture);
        answer.Advance(written);
    }
}
