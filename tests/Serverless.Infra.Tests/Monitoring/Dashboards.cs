using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Infra.Tests.Documents;

namespace Serverless.Infra.Tests.Monitoring;

/// <summary>Makes Grafana dashboards of infra/monitoring/dashboards.yml.</summary>
internal static class Dashboards
{
    public const string Source = "infra/monitoring/dashboards.yml";

    public const string Folder = "infra/monitoring/dashboards";

    private const int Columns = 24;
    private const int Height = 8;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The dashboards by file name.</summary>
    public static IReadOnlyDictionary<string, string> Generate() =>
        Yaml.Read(Tree.PathOf(Source))[0]["dashboards"]!.AsArray()
            .ToDictionary(dashboard => $"{dashboard!["name"]}.json", dashboard => Dashboard(dashboard!).ToJsonString(Indented) + "\n");

    /// <summary>Every query of a dashboard, with Grafana's variables replaced as Grafana would.</summary>
    public static IEnumerable<string> Queries(JsonNode dashboard) =>
        dashboard["panels"]!.AsArray().SelectMany(panel => panel!["targets"]!.AsArray()).Select(target => (string)target!["expr"]!)
            .Select(query =>
                query.Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$model", ".*", StringComparison.Ordinal));

    private static JsonObject Dashboard(JsonNode source) => new()
    {
        ["uid"] = $"serverless-{source["name"]}",
        ["title"] = (string)source["title"]!,
        ["tags"] = new JsonArray("serverless-inference"),
        ["schemaVersion"] = 39,
        ["editable"] = false,
        ["refresh"] = "30s",
        ["time"] = new JsonObject { ["from"] = "now-3h", ["to"] = "now" },
        ["templating"] = new JsonObject { ["list"] = new JsonArray(DataSource(), Model()) },
        ["panels"] = new JsonArray([.. Panels(source["panels"]!.AsArray())]),
    };

    private static JsonObject DataSource() => new()
    {
        ["name"] = "datasource",
        ["label"] = "Data source",
        ["type"] = "datasource",
        ["query"] = "prometheus",
    };

    private static JsonObject Model() => new()
    {
        ["name"] = "model",
        ["label"] = "Model",
        ["type"] = "query",
        ["datasource"] = Prometheus(),
        ["query"] = "label_values(serverless_inference_requests, model)",
        ["refresh"] = 2,
        ["includeAll"] = true,
        ["allValue"] = ".*",
        ["multi"] = true,
        ["current"] = new JsonObject { ["text"] = "All", ["value"] = "$__all" },
    };

    private static JsonObject Prometheus() => new() { ["type"] = "prometheus", ["uid"] = "${datasource}" };

    private static IEnumerable<JsonNode> Panels(JsonArray sources)
    {
        var (x, y) = (0, 0);
        for (var i = 0; i < sources.Count; i++)
        {
            var width = (int?)sources[i]!["width"] ?? Columns / 2;
            if (x + width > Columns)
                (x, y) = (0, y + Height);
            yield return Panel(i + 1, sources[i]!, new JsonObject { ["x"] = x, ["y"] = y, ["w"] = width, ["h"] = Height });
            x += width;
        }
    }

    private static JsonObject Panel(int id, JsonNode source, JsonObject place) => new()
    {
        ["id"] = id,
        ["type"] = "timeseries",
        ["title"] = (string)source["title"]!,
        ["datasource"] = Prometheus(),
        ["gridPos"] = place,
        ["fieldConfig"] = new JsonObject
        {
            ["defaults"] = new JsonObject { ["unit"] = (string)source["unit"]!, ["min"] = 0 },
            ["overrides"] = new JsonArray(),
        },
        ["options"] = new JsonObject
        {
            ["legend"] = new JsonObject { ["displayMode"] = "list", ["placement"] = "bottom", ["showLegend"] = true },
            ["tooltip"] = new JsonObject { ["mode"] = "multi", ["sort"] = "desc" },
        },
        ["targets"] = new JsonArray([.. source["queries"]!.AsArray().Select(Target)]),
    };

    private static JsonNode Target(JsonNode? query, int index) => new JsonObject
    {
        ["refId"] = ((char)('A' + index)).ToString(),
        ["datasource"] = Prometheus(),
        ["expr"] = (string)query!["expr"]!,
        ["legendFormat"] = (string)query["legend"]!,
    };
}
