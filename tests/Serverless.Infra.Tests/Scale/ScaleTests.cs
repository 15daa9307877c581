using System.Text.Json.Nodes;
using Serverless.Infra.Tests.Bicep;
using Serverless.Infra.Tests.Documents;

namespace Serverless.Infra.Tests.Scale;

public sealed class ScaleTests
{
    private static readonly Schema Rules = new("docs/scale.schema.json");

    [Fact]
    public void Numbers_OfTheProject_FitTheirSchema() => Assert.Empty(Rules.Faults(Numbers()));

    [Theory]
    [InlineData("worker", "maxReplicas", "-1")]
    [InlineData("worker", "httpConcurrency", "\"32\"")]
    [InlineData("worker", "maxReplica", "3")]
    [InlineData("worker", "preWarm", """[{"start":"0 8 * * *","end":"later","timezone":"Europe/Berlin","replicas":1}]""")]
    [InlineData("worker", "queues", """{"shards":{"messagesPerReplica":0,"activation":0}}""")]
    [InlineData("gateway", "httpConcurrency", "4")]
    public void Numbers_ThatAreWrong_DoNot(string part, string name, string value)
    {
        var numbers = Numbers();
        numbers[part]![name] = JsonNode.Parse(value);

        Assert.NotEmpty(Rules.Faults(numbers));
    }

    [Theory]
    [InlineData(Snapshot.First)]
    [InlineData(Snapshot.Full)]
    public void Template_InBicep_HasTheNumbers(string snapshot) => Assert.Empty(ScaleCheck.Faults(Numbers(), Snapshot.Read(snapshot)));

    [Theory]
    [InlineData("maxReplicas")]
    [InlineData("httpConcurrency")]
    [InlineData("terminationGraceSeconds")]
    [InlineData("maxHeldRequests")]
    public void Template_WithAnotherNumber_IsFound(string name)
    {
        var numbers = Numbers();
        numbers["worker"]![name] = 77;

        Assert.NotEmpty(ScaleCheck.Faults(numbers, Snapshot.Read(Snapshot.First)));
    }

    [Fact]
    public void Worker_BetweenBursts_IsGone() =>
        Assert.Equal(0, (int)Snapshot.Read(Snapshot.First).App("worker")["properties"]!["template"]!["scale"]!["minReplicas"]!);

    [Fact]
    public void Kubernetes_ScaledObjects_HaveTheNumbers()
    {
        var worker = Numbers()["worker"]!;
        var queues = worker["queues"]!.AsObject();
        foreach (var spec in Manifests.OfKind("ScaledObject").Select(manifest => manifest["spec"]!))
        {
            Assert.Equal((int)worker["minReplicas"]!, (int)spec["minReplicaCount"]!);
            Assert.Equal((int)worker["maxReplicas"]!, (int)spec["maxReplicaCount"]!);
            Assert.Equal((int)worker["pollingIntervalSeconds"]!, (int)spec["pollingInterval"]!);
            Assert.Equal((int)worker["cooldownSeconds"]!, (int)spec["cooldownPeriod"]!);
            foreach (var metadata in spec["triggers"]!.AsArray().Where(trigger => (string)trigger!["type"]! == "azure-servicebus")
                .Select(trigger => trigger!["metadata"]!))
            {
                var queue = queues[(string)metadata["queueName"]!]!;
                Assert.Equal(queue["messagesPerReplica"]!.ToString(), (string)metadata["messageCount"]!);
                Assert.Equal(queue["activation"]!.ToString(), (string)metadata["activationMessageCount"]!);
            }
        }

        Assert.Equal(
            (int)worker["httpConcurrency"]!, (int)Manifests.OfKind("InterceptorRoute")
                .Single()["spec"]!["scalingMetric"]!["concurrency"]!["targetValue"]!);
        var azure = Yaml.Read(Tree.PathOf("infra/kubernetes/azure/scaled-object.yaml"))[0]["spec"]!["triggers"]!.AsArray();
        Assert.Equal(queues.Count, azure.Count(trigger => (string)trigger!["type"]! == "azure-servicebus"));
    }

    [Theory]
    [InlineData("base")]
    [InlineData("edge")]
    public void Kubernetes_Workers_EndWithinTheGraceOfTheNumbers(string variant)
    {
        var pod = Yaml.Read(Tree.PathOf($"infra/kubernetes/{variant}/worker.yaml"))[0]["spec"]!["template"]!["spec"]!;

        var drain = pod["containers"]![0]!["env"]!.AsArray().Single(setting => (string)setting!["name"]! == "Worker__DrainTime");

        Assert.Equal((int)Numbers()["worker"]!["terminationGraceSeconds"]!, (int)pod["terminationGracePeriodSeconds"]!);
        Assert.Equal(ScaleCheck.DrainTime(Numbers()["worker"]!), (string)drain!["value"]!);
    }

    private static JsonNode Numbers() => JsonNode.Parse(Tree.Read("infra/scale.json"))!;
}
