using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Serverless.Infra.Tests.Documents;

namespace Serverless.Infra.Tests.Kubernetes;

/// <summary>Whether the fields of a manifest exist: Kubernetes' own kinds by its client's types, custom kinds by a closed schema.</summary>
internal static class ManifestFields
{
    private static readonly Schema Custom = new("tests/Serverless.Infra.Tests/Kubernetes/custom-resources.schema.json");

    private static readonly Dictionary<string, Func<string, object>> Kinds = new(StringComparer.Ordinal)
    {
        ["v1/Namespace"] = Strictly<V1Namespace>,
        ["v1/ServiceAccount"] = Strictly<V1ServiceAccount>,
        ["v1/Service"] = Strictly<V1Service>,
        ["v1/ConfigMap"] = Strictly<V1ConfigMap>,
        ["v1/PersistentVolumeClaim"] = Strictly<V1PersistentVolumeClaim>,
        ["apps/v1/Deployment"] = Strictly<V1Deployment>,
        ["policy/v1/PodDisruptionBudget"] = Strictly<V1PodDisruptionBudget>,
        ["networking.k8s.io/v1/NetworkPolicy"] = Strictly<V1NetworkPolicy>,
    };

    public static IReadOnlyList<string> Faults(JsonNode manifest)
    {
        if (!Kinds.TryGetValue($"{manifest["apiVersion"]}/{manifest["kind"]}", out var parse))
            return Custom.Faults(manifest);
        try
        {
            parse(manifest.ToJsonString());
            return [];
        }
        catch (Exception exception) when (exception is YamlDotNet.Core.YamlException or FormatException)
        {
            return [$"{exception.Message} {exception.InnerException?.Message}"];
        }
    }

    // JSON is YAML, and the client is strict about unknown fields in YAML only.
    private static object Strictly<T>(string json) => KubernetesYaml.Deserialize<T>(json, strict: true)!;
}
