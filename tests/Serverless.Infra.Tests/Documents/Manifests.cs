using System.Text.Json.Nodes;

namespace Serverless.Infra.Tests.Documents;

/// <summary>The Kubernetes manifests and compose.yaml.</summary>
internal static class Manifests
{
    /// <summary>Every Kubernetes file with what lies in it.</summary>
    public static IEnumerable<(string File, JsonNode Manifest)> Kubernetes() =>
        from file in Directory.EnumerateFiles(Tree.PathOf("infra/kubernetes"), "*.yaml", SearchOption.AllDirectories)
        from manifest in Yaml.Read(file)
        select (Path.GetRelativePath(Tree.Repository.Root, file), manifest);

    public static IEnumerable<JsonNode> OfKind(string kind) =>
        Kubernetes().Select(entry => entry.Manifest).Where(manifest => (string?)manifest["kind"] == kind);

    /// <summary>The names of all settings in them.</summary>
    public static IEnumerable<string> Settings()
    {
        var pods = OfKind("Deployment")
            .SelectMany(deployment => deployment["spec"]!["template"]!["spec"]!["containers"]!.AsArray())
            .SelectMany(container => container!["env"]?.AsArray() ?? []).Select(setting => (string)setting!["name"]!);
        var maps = OfKind("ConfigMap").SelectMany(map => map["data"]!.AsObject()).Select(setting => setting.Key);
        var services = Yaml.Read(Tree.PathOf("compose.yaml"))[0]["services"]!;
        var compose = new[] { "worker", "gateway" }.SelectMany(service => services[service]!["environment"]!.AsObject())
            .Select(setting => setting.Key);
        return pods.Concat(maps).Concat(compose).Distinct();
    }
}
