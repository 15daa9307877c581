using System.Text.Json.Nodes;

namespace Serverless.Infra.Tests.Bicep;

/// <summary>The committed prediction of what a deployment creates.</summary>
internal sealed class Snapshot
{
    public const string First = "infra/snapshots/first.snapshot.json";

    public const string Full = "infra/snapshots/full.snapshot.json";

    private Snapshot(JsonNode root) => Root = root;

    public JsonNode Root { get; }

    public IEnumerable<JsonNode> Resources => Root["predictedResources"]!.AsArray().Select(resource => resource!);

    public static Snapshot Read(string file) => new(JsonNode.Parse(Tree.Read(file))!);

    public IEnumerable<JsonNode> OfType(string type) => Resources.Where(resource => (string)resource["type"]! == type);

    public JsonNode App(string name) => OfType("Microsoft.App/containerApps").Single(app => (string)app["name"]! == name);

    public JsonNode Container(string app) => App(app)["properties"]!["template"]!["containers"]![0]!;

    /// <summary>Settings of an app: names and values as Bicep writes them.</summary>
    public IReadOnlyDictionary<string, string> SettingsOf(string app) =>
        Container(app)["env"]!.AsArray().ToDictionary(item => (string)item!["name"]!, item => (string?)item!["value"] ?? "");
}
