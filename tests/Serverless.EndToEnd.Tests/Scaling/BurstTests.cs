using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.TestKit.Jobs;
using Serverless.Topology.Containers;

namespace Serverless.EndToEnd.Tests.Scaling;

/// <summary>From zero to as many replicas as the rules say, and back, without losing a request.</summary>
[Collection(ScalingCollection.Name)]
public sealed class BurstTests(ScalingFixture fixture, ITestOutputHelper output)
{
    private const int Requests = 200;
    private const int Lines = 2_000;
    private const string Infer = $"/v2/models/{TestModels.Small}/infer";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Burst_RequestsAndABatchFromZero_AreAllAnsweredAndReplicasGoBackToZero()
    {
        var before = await fixture.WaitForZeroAsync();
        using var client = fixture.CreateClient();
        using var batches = new BatchClient(fixture.Platform.ApiUrl, fixture.Platform.Options.ApiKey);
        var batch = RunBatchAsync(batches);

        var answers = await Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => InferAsync(client)));
        var ended = await batch;
        var dropped = await CallUntilOneIsLeftAsync(client);
        var status = await fixture.WaitForZeroAsync();

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer));
        Assert.Equal(Lines, (int)ended["request_counts"]!["completed"]!);
        Assert.Equal(0, dropped);
        AssertRules(status, before.Now);
    }

    private void AssertRules(ContainerStatus status, DateTimeOffset since)
    {
        var decisions = status.Decisions.Where(decision => decision.At >= since).ToList();
        output.WriteLine(string.Join('\n', decisions.Select(decision => $"{decision.At:O} {decision.From} -> {decision.To}: {decision.Reason}")));
        var up = decisions.Where(decision => decision.To > decision.From).ToList();
        Assert.Equal(up.Select(decision => ScaleRuleCheck.After(decision, ScalingFixture.MaxReplicas)), up.Select(decision => decision.To));
        Assert.Equal((0, 1), (decisions[0].From, decisions[0].To));
        Assert.Contains(decisions, decision => decision.To == ScalingFixture.MaxReplicas);
        Assert.Equal(0, decisions[^1].To);
        var replicas = status.Replicas.Where(replica => replica.Started >= since).ToList();
        Assert.True(replicas.Count >= ScalingFixture.MaxReplicas, $"Only {replicas.Count} replicas were started.");
        Assert.All(replicas, replica => Assert.Equal(("Stopped", null), (replica.State, replica.Remark)));
    }

    /// <summary>A little load while the others go; how many of its requests were not answered.</summary>
    private async Task<int> CallUntilOneIsLeftAsync(HttpClient client)
    {
        var dropped = 0;
        await fixture.WaitAsync(status => status.Desired == ScalingFixture.MaxReplicas || status.Desired <= 1, "As many replicas as may be");
        while (await fixture.Platform.GetContainersAsync(Token) is not { Desired: <= 1, Running: <= 1 })
        {
            if (await InferAsync(client) != HttpStatusCode.OK)
                dropped++;
            await Task.Delay(100, Token);
        }

        return dropped;
    }

    private static async Task<HttpStatusCode> InferAsync(HttpClient client)
    {
        using var answer = await client.PostAsync(Infer, ScalingFixture.Json(TestModels.SmallRequest), Token);
        return answer.StatusCode;
    }

    private static async Task<JsonNode> RunBatchAsync(BatchClient client)
    {
        var file = await client.UploadAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Lines).Select(Line))), Token);
        var batch = await client.CreateAsync(file, Infer, Token);
        var ended = await client.WaitAsync(batch, TimeSpan.FromSeconds(80), TimeSpan.FromSeconds(5), Token);
        Assert.True((string)ended["status"]! == "completed", ended.ToJsonString());
        return ended;
    }

    private static string Line(int index) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"custom_id":"line-{{index}}","method":"POST","url":"{{Infer}}","body":{{TestModels.SmallRequest}}}""") + "\n";
}
