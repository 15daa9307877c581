using System.Globalization;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Tensors;
using Serverless.Worker.Http;

namespace Serverless.Worker.OpenInference;

/// <summary>Writes the answer of an inference, data flat.</summary>
internal static class InferResponseWriter
{
    // Elements between two looks at how much is waiting to leave: at most 24 characters each.
    private const int ChunkElements = 4096;

    public static async Task WriteAsync(
        HttpContext context, ModelLease lease, string? id, RunOutcome outcome, CancellationToken cancellationToken)
    {
        await using var answer = new JsonAnswer(context, cancellationToken);
        var json = answer.Json;
        json.WriteStartObject();
        json.WriteString("model_name", lease.Manifest.Name);
        json.WriteString("model_version", lease.Manifest.Version.ToString(CultureInfo.InvariantCulture));
        if (id is not null)
            json.WriteString("id", id);
        json.WriteStartArray("outputs");
        foreach (var output in outcome.Outputs)
            await WriteAsync(answer, output);
        json.WriteEndArray();
        json.WriteEndObject();
        await answer.CompleteAsync();
    }

    private static async Task WriteAsync(JsonAnswer answer, Tensor output)
    {
        var json = answer.Json;
        json.WriteStartObject();
        json.WriteString("name", output.Name);
        json.WriteString("datatype", Datatypes.NameOf(output.Datatype));
        json.WriteStartArray("shape");
        foreach (var dimension in output.Shape)
            json.WriteNumberValue(dimension);
        json.WriteEndArray();
        json.WriteStartArray("data");
        for (var start = 0; start < output.Count; start += ChunkElements)
        {
            TensorDataWriter.Write(json, output, start, (int)Math.Min(ChunkElements, output.Count - start));
            await answer.FlushIfLargeAsync();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
