using System.Globalization;
using System.Text.Json;
using Serverless.Inference.Lifecycle;
using Serverless.Models.Catalog;
using Serverless.Worker.Http;

namespace Serverless.Worker.Repository;

/// <summary>Writes the list of every version in the store and where it stands in this worker.</summary>
internal static class RepositoryIndex
{
    private const string Ready = "READY";

    public static async Task WriteAsync(HttpContext context, ModelCatalog catalog, ModelRegistry registry, bool readyOnly)
    {
        var known = registry.Status.ToDictionary(status => (status.Name, status.Version));
        var models = await catalog.GetModelsAsync(context.RequestAborted);
        var rows = new List<(string Name, int Version, string State, string Reason)>();
        foreach (var name in models)
        {
            foreach (var version in (await catalog.GetVersionsAsync(name, context.RequestAborted)).Order())
            {
                var (state, reason) = Describe(known.GetValueOrDefault((name, version)));
                if (!readyOnly || state == Ready)
                    rows.Add((name, version, state, reason));
            }
        }

        await using var answer = new JsonAnswer(context, context.RequestAborted);
        answer.Json.WriteStartArray();
        foreach (var row in rows)
            Write(answer.Json, row.Name, row.Version, row.State, row.Reason);
        answer.Json.WriteEndArray();
        await answer.CompleteAsync();
    }

    // The words are Triton's, which clients know.
    private static (string State, string Reason) Describe(ModelStatus? status) => status?.State switch
    {
        null => ("UNAVAILABLE", "It is not in memory; the first request for it loads it."),
        ModelState.Loading or ModelState.WarmingUp => ("LOADING", status.Reason),
        ModelState.Ready => (Ready, status.Reason),
        ModelState.Draining => ("UNLOADING", status.Reason),
        _ => ("UNAVAILABLE", status.Reason),
    };

    private static void Write(Utf8JsonWriter json, string name, int version, string state, string reason)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("version", version.ToString(CultureInfo.InvariantCulture));
        json.WriteString("state", state);
        json.WriteString("reason", reason);
        json.WriteEndObject();
    }
}
