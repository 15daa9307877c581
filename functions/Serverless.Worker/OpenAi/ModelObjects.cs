using System.Text.Json;
using Serverless.Models.Manifest;
using Serverless.Worker.Http;

namespace Serverless.Worker.OpenAi;

/// <summary>Writes OpenAI's model objects.</summary>
internal static class ModelObjects
{
    public static async Task WriteListAsync(HttpContext context, IReadOnlyList<ModelManifest> manifests)
    {
        await using var answer = new JsonAnswer(context, context.RequestAborted);
        answer.Json.WriteStartObject();
        answer.Json.WriteString("object", "list");
        answer.Json.WriteStartArray("data");
        foreach (var manifest in manifests)
            Write(answer.Json, manifest, manifest.Name);
        answer.Json.WriteEndArray();
        answer.Json.WriteEndObject();
        await answer.CompleteAsync();
    }

    public static async Task WriteAsync(HttpContext context, ModelManifest manifest, string id)
    {
        await using var answer = new JsonAnswer(context, context.RequestAborted);
        Write(answer.Json, manifest, id);
        await answer.CompleteAsync();
    }

    private static void Write(Utf8JsonWriter json, ModelManifest manifest, string id)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("object", "model");
        json.WriteNumber("created", manifest.CreatedAt.ToUnixTimeSeconds());
        json.WriteString("owned_by", manifest.Labels.GetValueOrDefault(ModelLabels.OwnedBy, "serverless"));
        json.WriteEndObject();
    }
}
