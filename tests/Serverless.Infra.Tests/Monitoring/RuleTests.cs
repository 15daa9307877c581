using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Serverless.Contracts.Errors;
using Serverless.Infra.Tests.Bicep;
using Serverless.Infra.Tests.Documents;
using Serverless.TestKit;

namespace Serverless.Infra.Tests.Monitoring;

public sealed class RuleTests
{
    private static readonly string[] Files = ["infra/monitoring/rules/recording.yml", "infra/monitoring/rules/alerts.yml"];

    [Fact]
    public async Task Rules_OfTheProject_PassPromtool()
    {
        var promtool = DebianPackage.Require("prometheus", "promtool");

        var check = await Command.RunAsync(promtool, ["check", "rules", .. Files]);
        var test = await Command.RunAsync(promtool, "test", "rules", "infra/monitoring/tests/alerts.yml");

        Assert.True(check.ExitCode == 0, check.All);
        Assert.True(test.ExitCode == 0, test.All);
    }

    [Theory]
    [InlineData("alerts.yml", "serverless_inference_loads", "serverless_inference_load")]
    [InlineData("alerts.yml", "> 30", "> 300")]
    [InlineData("alerts.yml", ">= 0.8", ">= 0.7")]
    [InlineData("recording.yml", "deadline_exceeded", "deadline_passed")]
    public async Task Rules_Mutated_FailTheirTests(string file, string right, string wrong)
    {
        var promtool = DebianPackage.Require("prometheus", "promtool");
        using var copy = new TemporaryFolder();
        Tree.Copy(Tree.PathOf("infra/monitoring"), copy.Path);
        Edit.Replace(copy.File($"rules/{file}"), right, wrong);

        var test = await Command.RunAsync(promtool, "test", "rules", copy.File("tests/alerts.yml"));

        Assert.Equal(1, test.ExitCode);
    }

    [Fact]
    public async Task Configuration_ForAPrometheusOfOnesOwn_PassesPromtool()
    {
        var promtool = DebianPackage.Require("prometheus", "promtool");
        using var copy = new TemporaryFolder();
        Tree.Copy(Tree.PathOf("infra/monitoring"), copy.Path);
        await File.WriteAllTextAsync(copy.File("operator.key"), "key", TestContext.Current.CancellationToken);

        var check = await Command.RunAsync(promtool, "check", "config", copy.File("prometheus.yml"));

        Assert.True(check.ExitCode == 0, check.All);
    }

    [Fact]
    public void Alerts_OfTheProject_AreTestedAndExplained()
    {
        var tests = Tree.Read("infra/monitoring/tests/alerts.yml");
        var guide = Tree.Read("docs/deploy.md");

        Assert.All(Alerts(), alert =>
        {
            Assert.Contains($"alertname: {alert["alert"]}", tests, StringComparison.Ordinal);
            Assert.Contains((string)alert["alert"]!, guide, StringComparison.Ordinal);
            Assert.Contains((string)alert["labels"]!["severity"]!, new[] { "page", "ticket" });
            Assert.Matches("^[0-9]+[mh]$", (string)alert["for"]!);
        });
    }

    [Fact]
    public void Outcomes_ThatCountAsErrors_AreTheServersOwn()
    {
        var ratio = Rules().Single(rule => (string?)rule["record"] == "model:serverless_inference_errors:ratio5m");
        var outcomes = Regex.Match((string)ratio["expr"]!, "outcome=~\"([^\"]+)\"").Groups[1].Value.Split('|');
        // 501 is what the caller asked for, not a failure.
        var expected = Enum.GetValues<ErrorKind>().Where(kind => kind != ErrorKind.NotImplemented).Select(ErrorTable.Of)
            .Where(mapping => mapping.Status >= 500).Select(mapping => mapping.Code);

        Assert.Equal(expected.Order(), outcomes.Order());
    }

    [Fact]
    public void Groups_InAzure_AreTheSameRules()
    {
        var deployed = Snapshot.Read(Snapshot.First).OfType("Microsoft.AlertsManagement/prometheusRuleGroups")
            .SelectMany(group => group["properties"]!["rules"]!.AsArray()).Select(rule => (string)rule!["expression"]!);

        Assert.Equal(Rules().Select(rule => (string)rule["expr"]!), deployed);
    }

    [Fact]
    public void Collector_InContainerApps_IsWiredUp()
    {
        var collector = Yaml.Read(Tree.PathOf("infra/monitoring/collector.yaml"))[0];
        var service = collector["service"]!;
        foreach (var pipeline in service["pipelines"]!.AsObject().Select(pipeline => pipeline.Value!.AsObject()))
        {
            foreach (var (part, names) in pipeline)
                Assert.All(names!.AsArray(),
                    name => Assert.NotNull(collector[part]!.AsObject().SingleOrDefault(defined => defined.Key == (string)name!).Key));
        }

        Assert.Equal(collector["extensions"]!.AsObject().Select(extension => extension.Key).Order(), service["extensions"]!.AsArray()
            .Select(name => (string)name!).Order());
        Assert.False((bool)collector["exporters"]!["prometheusremotewrite"]!["add_metric_suffixes"]!);

        // What it reads from its environment is what Bicep gives it, and it listens where the ingress sends.
        var app = Snapshot.Read(Snapshot.First);
        var variables = Regex.Matches(Tree.Read("infra/monitoring/collector.yaml"), "env:(\\w+)").Select(match => match.Groups[1].Value);
        Assert.Equal(variables.Append("COLLECTOR_CONFIG").Order(), app.SettingsOf("collector").Keys.Order());
        Assert.EndsWith($":{app.App("collector")["properties"]!["configuration"]!["ingress"]!["targetPort"]}",
            (string)collector["receivers"]!["otlp"]!["protocols"]!["http"]!["endpoint"]!, StringComparison.Ordinal);
    }

    private static IEnumerable<JsonNode> Rules() =>
        Files.SelectMany(file => Yaml.Read(Tree.PathOf(file))[0]["groups"]!.AsArray()).SelectMany(group => group!["rules"]!.AsArray())
            .Select(rule => rule!);

    private static IEnumerable<JsonNode> Alerts() => Rules().Where(rule => rule["alert"] is not null);
}
