using System.Text.Json;
using Serverless.Models.Manifest;

namespace Serverless.Models.Catalog;

/// <summary>OpenAI's <c>model</c> objects.</summary>
public static class ModelObject
{
    /// <summary>Writes a model.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="manifest">The model.</param>
    /// <param name="id">What it is called, as it was asked for.</param>
    public static void Write(Utf8JsonWriter json, ModelManifest manifest, string id)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(manifest);
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("object", "model");
        json.WriteNumber("created", manifest.CreatedAt.ToUnixTimeSeconds());
        json.WriteString("owned_by", manifest.Labels.GetValueOrDefault(ModelLabels.OwnedBy, "serverless"));
        json.WriteEndObject();
    }

    /// <summary>Writes a list of models, by their names.</summary>
    public static void WriteList(Utf8JsonWriter json, IEnumerable<ModelManifest> manifests)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(manifests);
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var manifest in manifests)
            Write(json, manifest, manifest.Name);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
