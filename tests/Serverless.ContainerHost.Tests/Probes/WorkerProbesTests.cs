using System.Text.Json.Nodes;
using Serverless.ContainerHost.Probes;
using Serverless.Topology.Layout;

namespace Serverless.ContainerHost.Tests.Probes;

public sealed class WorkerProbesTests
{
    [Fact]
    public void Usual_BesideTheTemplateOfAzure_AreTheSame()
    {
        var found = FindProbes(JsonNode.Parse(File.ReadAllText(SnapshotPath()))!);

        Assert.Equal(
            new Dictionary<string, Probe>
            {
                ["Startup"] = WorkerProbes.Usual.Startup,
                ["Liveness"] = WorkerProbes.Usual.Liveness,
                ["Readiness"] = WorkerProbes.Usual.Readiness,
            },
            found);
    }

    [Fact]
    public void Compressed_Clock_StillGivesAStartAsLong()
    {
        var startup = WorkerProbes.Usual.Compressed(30).Startup;

        Assert.Equal(120, (startup.Period * startup.FailureThreshold).TotalSeconds, 0.1);
    }

    private static string SnapshotPath() => Path.Combine(Repository.Find().Root, "infra", "snapshots", "full.snapshot.json");

    private static Dictionary<string, Probe> FindProbes(JsonNode snapshot) => Descendants(snapshot)
        .OfType<JsonArray>().First(array => array.Any(item => item is JsonObject probe && (string?)probe["httpGet"]?["path"] == WorkerProbes.Usual.Readiness.Path))
        .ToDictionary(probe => (string)probe!["type"]!, probe => ToProbe(probe!));

    // What is left out has Kubernetes' default.
    private static Probe ToProbe(JsonNode probe) => new(
        (string)probe["httpGet"]!["path"]!, Seconds(probe["initialDelaySeconds"], 0), Seconds(probe["periodSeconds"], 10),
        Seconds(probe["timeoutSeconds"], 1), (int?)probe["failureThreshold"] ?? 3);

    private static TimeSpan Seconds(JsonNode? value, int otherwise) => TimeSpan.FromSeconds((int?)value ?? otherwise);

    private static IEnumerable<JsonNode> Descendants(JsonNode node)
    {
        yield return node;
        var children = node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        };
        foreach (var child in children.OfType<JsonNode>().SelectMany(Descendants))
            yield return child;
    }
}
