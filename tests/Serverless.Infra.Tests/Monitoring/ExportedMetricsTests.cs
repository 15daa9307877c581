using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Serverless.Infra.Tests.Containers;
using Serverless.Infra.Tests.Documents;

namespace Serverless.Infra.Tests.Monitoring;

/// <summary>Every query of dashboards and rules before a real Prometheus,
/// and every metric that they name among those that it scraped.</summary>
[Collection(PublishedCollection.Name)]
public sealed partial class ExportedMetricsTests(PublishedPlatform platform)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Queries_OfDashboardsAndRules_AreParsedAndNameWhatIsExported()
    {
        await using var prometheus = await StartAsync();
        var expressions = Expressions().ToList();
        Assert.True(expressions.Count > 30);

        Assert.All(await Task.WhenAll(expressions.Select(prometheus.EvaluateAsync)), answer => Assert.Equal("success", answer));
        Assert.Empty(await MissingAsync(prometheus, expressions));

        // And the same check on queries that are wrong.
        Assert.Contains("parse error", await prometheus.EvaluateAsync("sum by (model (serverless_inference_requests)"),
            StringComparison.Ordinal);
        const string Right = "model_outcome:serverless_inference_requests:rate5m";
        var mutated = expressions.Select(text => text.Replace(Right, "model_outcome:nobody_records_this", StringComparison.Ordinal)).ToList();
        Assert.Equal(["model_outcome:nobody_records_this"], await MissingAsync(prometheus, mutated));
    }

    [Fact]
    public void Outcomes_OfDashboardsAndRules_AreThoseOfTheCode()
    {
        var code = string.Concat(new[] { "functions", "shared" }
            .SelectMany(folder => Directory.EnumerateFiles(Tree.PathOf(folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText));

        var named = Expressions().SelectMany(text => Outcome().Matches(text)).SelectMany(match => match.Groups[1].Value.Split('|')).ToHashSet();

        Assert.Contains("dead_lettered", named);
        // One that nothing records is found.
        Assert.Equal(["nobody_ends_so"], named.Append("nobody_ends_so").Where(name => !code.Contains($"\"{name}\"", StringComparison.Ordinal)));
    }

    // outcome="ok", outcome=~"a|b"
    [GeneratedRegex("outcome=~?\"([a-z_|]+)\"")]
    private static partial Regex Outcome();

    private async Task<PrometheusServer> StartAsync()
    {
        await platform.InferAsync();
        await platform.InferShadowedAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, await platform.InferWithoutBudgetAsync());
        await platform.GenerateAsync();
        await platform.EnqueueAsync();
        await platform.RunBatchAsync();
        var prometheus = await PrometheusServer.StartAsync(platform);
        // The queued request is counted once it was answered.
        var start = Stopwatch.GetTimestamp();
        while (!(await prometheus.MetricNamesAsync()).IsSupersetOf(["serverless_gateway_queued_requests", "serverless_inference_loads", "serverless_jobs_requests", "serverless_jobs_shards",
            "serverless_cost_charged", "serverless_inference_shadow_requests", "serverless_replicas_time", "model:serverless_inference_requests:rate5m"]))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Limit, string.Join(' ', await prometheus.MetricNamesAsync()));
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }

        return prometheus;
    }

    private static async Task<IReadOnlyList<string>> MissingAsync(PrometheusServer prometheus, IReadOnlyList<string> expressions)
    {
        // What a rule records is there once what it reads is: not every outcome happens in a test.
        var recorded = Rules().Where(rule => rule["record"] is not null).Select(rule => (string)rule["record"]!);
        return [.. expressions.SelectMany(MetricNamesOf.Expression).Distinct().Except(await prometheus.MetricNamesAsync())
            .Except(recorded).Where(name => !DependsOnMachine(name))];
    }

    // A machine without a GPU, or without control groups, exports none of it.
    private static bool DependsOnMachine(string metric) =>
        metric.StartsWith("hw_", StringComparison.Ordinal) || metric.StartsWith("container_", StringComparison.Ordinal);

    private static IEnumerable<string> Expressions() =>
        Dashboards.Generate().Values.SelectMany(text => Dashboards.Queries(JsonNode.Parse(text)!))
            .Concat(Rules().Select(rule => (string)rule["expr"]!));

    private static IEnumerable<JsonNode> Rules() =>
        new[] { "recording", "alerts" }
            .SelectMany(name => Yaml.Read(Tree.PathOf($"infra/monitoring/rules/{name}.yml"))[0]["groups"]!.AsArray())
            .SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!);
}
