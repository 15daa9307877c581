using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Serverless.Topology.Layout;

namespace Serverless.Scaling.Tests.Rules;

public sealed class ScaleRulesTests : IDisposable
{
    private const string Window = """{"start":"0 8 * * *","end":"0 9 * * *","timezone":"Europe/Berlin","replicas":2}""";

    private static readonly string Root = Repository.Find().Root;
    private static readonly JsonSchema Schema = JsonSchema.FromText(
        File.ReadAllText(Path.Combine(Root, "docs", "scale.schema.json")), new BuildOptions { SchemaRegistry = new SchemaRegistry() });

    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("scale-").FullName, "scale.json");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Fact]
    public void Load_RulesOfTheProject_HasTheirNumbers()
    {
        var rules = ScaleRules.Load(Path.Combine(Root, "infra", "scale.json"));

        Assert.Equal((0, 10, 32), (rules.Worker.MinReplicas, rules.Worker.MaxReplicas, rules.Worker.HttpConcurrency));
        Assert.Equal(new QueueScale(2, 0), rules.Worker.Queues["shards"]);
        Assert.Equal((15, 300, 60), (Seconds(rules.Worker.PollingInterval), Seconds(rules.Worker.Cooldown), Seconds(rules.Worker.TerminationGrace)));
        Assert.Equal((256, new GatewayScale(1, 10)), (rules.Worker.MaxHeldRequests, rules.Gateway));
    }

    [Fact]
    public void Load_Window_IsRead()
    {
        Assert.Null(Fault("worker.preWarm", $"[{Window}]"));

        Assert.Equal([new PreWarmWindow("0 8 * * *", "0 9 * * *", "Europe/Berlin", 2)], ScaleRules.Load(_file).Worker.PreWarm);
    }

    /// <summary>What the schema refuses, the loader does too, and says where.</summary>
    [Theory]
    [InlineData("worker.maxReplicas", "-1", "from 1 to 1000")]
    [InlineData("worker.maxReplicas", "1001", "from 1 to 1000")]
    [InlineData("worker.minReplicas", "\"0\"", "from 0 to 1000")]
    [InlineData("worker.minReplicas", "null", "from 0 to 1000")]
    [InlineData("worker.httpConcurrency", "2.5", "whole number")]
    [InlineData("worker.httpConcurrency", "0", "from 1 to")]
    [InlineData("worker.pollingIntervalSeconds", "0", "from 1 to 3600")]
    [InlineData("worker.cooldownSeconds", "86401", "from 0 to 86400")]
    [InlineData("worker.terminationGraceSeconds", "29", "from 30 to 600")]
    [InlineData("worker.maxHeldRequests", "100001", "from 1 to 100000")]
    [InlineData("worker.maxReplica", "3", "unknown; allowed are minReplicas, maxReplicas")]
    [InlineData("worker.queues", "{}", "at least one queue")]
    [InlineData("worker.queues", "[]", "object is needed")]
    [InlineData("worker.queues.shards.messagesPerReplica", "0", "from 1 to")]
    [InlineData("worker.queues.shards.activation", "-1", "from 0 to")]
    [InlineData("worker.queues.shards.weight", "1", "unknown; allowed are messagesPerReplica, activation")]
    [InlineData("worker.queues.shards", "{\"activation\":0}", "messagesPerReplica is missing")]
    [InlineData("worker.preWarm", "{}", "an array")]
    [InlineData("worker.preWarm", "[7]", "object is needed")]
    [InlineData("worker.preWarm", """[{"start":"0 8 * *","end":"0 9 * * *","timezone":"Europe/Berlin","replicas":2}]""", "five cron fields")]
    [InlineData("worker.preWarm", """[{"start":"@daily","end":"0 9 * * *","timezone":"Europe/Berlin","replicas":2}]""", "five cron fields")]
    [InlineData("worker.preWarm", """[{"start":"0 8 * * *","end":9,"timezone":"Europe/Berlin","replicas":2}]""", "end is 9; a text")]
    [InlineData("worker.preWarm", """[{"start":"0 8 * * *","end":"0 9 * * *","timezone":"","replicas":2}]""", "IANA name")]
    [InlineData("worker.preWarm", """[{"start":"0 8 * * *","end":"0 9 * * *","timezone":"Europe/Berlin","replicas":0}]""", "from 1 to 1000")]
    [InlineData("gateway.httpConcurrency", "4", "unknown; allowed are minReplicas, maxReplicas")]
    [InlineData("gateway.maxReplicas", "true", "from 1 to 1000")]
    [InlineData("gateway", "[]", "object is needed")]
    [InlineData("workers", "{}", "unknown")]
    [InlineData("$schema", "1", "a text")]
    public void Load_WrongMember_IsRefusedAsByTheSchema(string member, string value, string said)
    {
        var fault = Fault(member, value);

        Assert.False(FitsSchema());
        Assert.NotNull(fault);
        Assert.Contains(_file, fault, StringComparison.Ordinal);
        Assert.Contains(said, fault, StringComparison.Ordinal);
        Assert.Contains(member.Split('.')[0], fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("worker")]
    [InlineData("gateway")]
    [InlineData("worker.queues")]
    [InlineData("worker.preWarm")]
    [InlineData("worker.maxHeldRequests")]
    [InlineData("gateway.maxReplicas")]
    [InlineData("worker.queues.shards.activation")]
    public void Load_MissingMember_IsRefusedAsByTheSchema(string member)
    {
        var fault = Fault(member, null);

        Assert.False(FitsSchema());
        Assert.Contains($"{member} is missing.", fault, StringComparison.Ordinal);
    }

    /// <summary>What a schema cannot say.</summary>
    [Theory]
    [InlineData("worker.minReplicas", "11", "minReplicas 11 above maxReplicas 10")]
    [InlineData("gateway.minReplicas", "11", "minReplicas 11 above maxReplicas 10")]
    [InlineData("worker.preWarm", """[{"start":"0 25 * * *","end":"0 9 * * *","timezone":"Europe/Berlin","replicas":2}]""", "five cron fields")]
    [InlineData("worker.preWarm", """[{"start":"0 8 * * *","end":"0 9 * * *","timezone":"Europe/Atlantis","replicas":2}]""", "IANA name")]
    [InlineData("worker.preWarm", """[{"start":"0 8 * * *","end":"0 8 * * *","timezone":"Europe/Berlin","replicas":2}]""", "two different times")]
    public void Load_NumbersThatContradict_AreRefusedToo(string member, string value, string said) =>
        Assert.Contains(said, Fault(member, value), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[]", "object is needed")]
    [InlineData("""{"worker":{},"worker":{}}""", "not JSON")]
    public void Load_NoSuchDocument_IsRefused(string text, string said)
    {
        File.WriteAllText(_file, text);

        Assert.Contains(said, Assert.Throws<ScaleRulesException>(() => ScaleRules.Load(_file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoFile_NamesIt() =>
        Assert.Contains(_file, Assert.Throws<ScaleRulesException>(() => ScaleRules.Load(_file)).Message, StringComparison.Ordinal);

    private string? Fault(string member, string? value)
    {
        var document = JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "infra", "scale.json")))!;
        var path = member.Split('.');
        var parent = path[..^1].Aggregate(document, (node, name) => node[name]!).AsObject();
        if (value is null)
            parent.Remove(path[^1]);
        else
            parent[path[^1]] = JsonNode.Parse(value);

        File.WriteAllText(_file, document.ToJsonString());
        return Record.Exception(() => ScaleRules.Load(_file))?.Message;
    }

    private bool FitsSchema()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(_file));
        return Schema.Evaluate(document.RootElement).IsValid;
    }

    private static int Seconds(TimeSpan time) => (int)time.TotalSeconds;
}
