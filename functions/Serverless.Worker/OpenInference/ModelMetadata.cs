using System.Globalization;
using System.Text.Json;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Onnx;
using Serverless.Models.Manifest;
using Serverless.Worker.Http;

namespace Serverless.Worker.OpenInference;

/// <summary>Writes a model's metadata.</summary>
internal static class ModelMetadata
{
    public const string Platform = "onnx_onnxv1";

    public static async Task WriteAsync(
        HttpContext context,
        ModelLease lease,
        IReadOnlyList<int> versions,
        ExecutionProviderChoice provider,
        CancellationToken cancellationToken)
    {
        await using var answer = new JsonAnswer(context, cancellationToken);
        var json = answer.Json;
        json.WriteStartObject();
        json.WriteString("name", lease.Manifest.Name);
        json.WriteStartArray("versions");
        foreach (var version in versions.Order())
            json.WriteStringValue(version.ToString(CultureInfo.InvariantCulture));
        json.WriteEndArray();
        json.WriteString("platform", Platform);
        WriteTensors(json, "inputs", lease.Signature.Inputs);
        WriteTensors(json, "outputs", lease.Signature.Outputs);
        json.WriteStartObject("properties");
        foreach (var (name, value) in Properties(lease, provider))
            json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteEndObject();
        await answer.CompleteAsync();
    }

    public static IEnumerable<(string Name, string Value)> Properties(ModelLease lease, ExecutionProviderChoice provider)
    {
        yield return ("version", lease.Manifest.Version.ToString(CultureInfo.InvariantCulture));
        if (lease.Manifest.Task is { } task)
            yield return ("task", task);
        yield return ("execution_provider", provider.Name);
        yield return ("execution_provider_reason", provider.Reason);
        var load = lease.LoadTimings;
        foreach (var (stage, duration) in load.Stages)
            yield return ($"load_{stage}_ms", duration.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture));
        yield return ("load_bytes", load.BytesTotal.ToString(CultureInfo.InvariantCulture));
        yield return ("load_bytes_from_cache", load.BytesFromCache.ToString(CultureInfo.InvariantCulture));
        if (lease.FailedVersion is not { } failed)
            yield break;
        yield return ("failed_version", failed.Version.ToString(CultureInfo.InvariantCulture));
        yield return ("failed_reason", failed.Reason);
    }

    private static void WriteTensors(Utf8JsonWriter json, string property, IReadOnlyList<TensorSignature> tensors)
    {
        json.WriteStartArray(property);
        foreach (var tensor in tensors)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("datatype", tensor.Datatype);
            json.WriteStartArray("shape");
            foreach (var dimension in tensor.Shape)
                json.WriteNumberValue(dimension);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
