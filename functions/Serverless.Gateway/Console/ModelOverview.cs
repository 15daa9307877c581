using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Gateway.Holding;
using Serverless.Gateway.Jobs;
using Serverless.Models.Catalog;
using Serverless.Models.Manifest;

namespace Serverless.Gateway.Console;

/// <summary>
/// <c>GET /console/models</c>: the models of the store and whether a replica answered lately. The worker is not asked: a page that is left
/// open must neither wake a replica nor keep one awake.
/// </summary>
internal sealed class ModelOverview(ModelCatalog catalog, ReplicaState replica)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var models = new List<(ModelManifest Newest, IReadOnlyList<int> Versions)>();
        foreach (var name in await catalog.GetModelsAsync(context.RequestAborted))
        {
            if (await catalog.FindNewestAsync(name, context.RequestAborted) is { } newest)
                models.Add((newest, await catalog.GetVersionsAsync(name, context.RequestAborted)));
        }

        await ListJson.AnswerAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteBoolean("awake", replica.IsWarm);
            json.WriteStartArray("data");
            foreach (var (newest, versions) in models)
                Write(json, newest, versions);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, ModelManifest newest, IReadOnlyList<int> versions)
    {
        json.WriteStartObject();
        json.WriteString("id", newest.Name);
        json.WriteNumber("version", newest.Version);
        json.WriteNumber("versions", versions.Count);
        json.WriteString("task", newest.Task);
        json.WriteNumber("created", newest.CreatedAt.ToUnixTimeSeconds());
        json.WriteNumber("bytes", newest.TotalSize);
        json.WriteNumber("stored_bytes", newest.TotalStoredSize);
        json.WriteEndObject();
    }
}
