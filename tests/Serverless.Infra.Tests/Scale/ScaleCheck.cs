using System.Globalization;
using System.Text.Json.Nodes;
using Serverless.Infra.Tests.Bicep;

namespace Serverless.Infra.Tests.Scale;

/// <summary>Holds the numbers of the template against infra/scale.json.</summary>
internal static class ScaleCheck
{
    public static IReadOnlyList<string> Faults(JsonNode numbers, Snapshot snapshot)
    {
        var worker = numbers["worker"]!;
        var template = snapshot.App("worker")["properties"]!["template"]!;
        var gateway = snapshot.App("gateway")["properties"]!["template"]!["scale"]!;
        var scale = template["scale"]!;
        var pairs = new List<(string Name, JsonNode? Wanted, JsonNode? Found)>
        {
            ("minReplicas", worker["minReplicas"], scale["minReplicas"]),
            ("maxReplicas", worker["maxReplicas"], scale["maxReplicas"]),
            ("pollingInterval", worker["pollingIntervalSeconds"], scale["pollingInterval"]),
            ("cooldownPeriod", worker["cooldownSeconds"], scale["cooldownPeriod"]),
            ("terminationGrace", worker["terminationGraceSeconds"], template["terminationGracePeriodSeconds"]),
            ("drainTime", DrainTime(worker), snapshot.SettingsOf("worker").GetValueOrDefault("Worker__DrainTime")),
            ("concurrentRequests", worker["httpConcurrency"], Rule(scale, "http")?["http"]!["metadata"]!["concurrentRequests"]),
            ("maxHeldRequests", worker["maxHeldRequests"], Setting(snapshot, "Gateway__Holding__MaxRequests")),
            ("gateway.minReplicas", numbers["gateway"]!["minReplicas"], gateway["minReplicas"]),
            ("gateway.maxReplicas", numbers["gateway"]!["maxReplicas"], gateway["maxReplicas"]),
        };
        foreach (var (name, queue) in worker["queues"]!.AsObject())
        {
            var metadata = Rule(scale, $"queue-{name}")?["custom"]!["metadata"];
            pairs.Add(($"{name}.queueName", name, metadata?["queueName"]));
            pairs.Add(($"{name}.messageCount", queue!["messagesPerReplica"], metadata?["messageCount"]));
            pairs.Add(($"{name}.activationMessageCount", queue["activation"], metadata?["activationMessageCount"]));
        }

        var rules = 1 + worker["queues"]!.AsObject().Count + worker["preWarm"]!.AsArray().Count;
        pairs.Add(("rules", rules, scale["rules"]!.AsArray().Count));
        return [.. pairs.Where(pair => Text(pair.Wanted) != Text(pair.Found))
            .Select(pair => $"{pair.Name} is {Text(pair.Found)}, not {Text(pair.Wanted)}.")];
    }

    /// <summary>What a replica gives what it is working on: 20 s of the grace period are for its end.</summary>
    public static string DrainTime(JsonNode worker) =>
        TimeSpan.FromSeconds((int)worker["terminationGraceSeconds"]! - 20).ToString("c", CultureInfo.InvariantCulture);

    private static JsonNode? Setting(Snapshot snapshot, string name) =>
        snapshot.App("gateway")["properties"]!["template"]!["containers"]![0]!["env"]!.AsArray()
            .SingleOrDefault(setting => (string)setting!["name"]! == name)?["value"];

    private static JsonNode? Rule(JsonNode scale, string name) => scale["rules"]!.AsArray()
        .SingleOrDefault(rule => (string)rule!["name"]! == name);

    private static string Text(JsonNode? node) => Convert.ToString(node, CultureInfo.InvariantCulture) ?? "absent";
}
