using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Serverless.EndToEnd.Tests.Generation;
using Serverless.Topology.Containers;

namespace Serverless.EndToEnd.Tests.Scaling;

/// <summary>A replica is killed (SIGKILL) while it works on a request.</summary>
[Collection(ScalingCollection.Name)]
public sealed partial class LostReplicaTests(ScalingFixture fixture)
{
    private const string Infer = $"/v2/models/{ScalingFixture.Slow}/infer";

    // A second or two on one core.
    private const string LongRequest =
        """{"inputs":[{"name":"count","shape":[],"datatype":"INT64","data":[400000]},{"name":"start","shape":[1],"datatype":"FP32","data":[1]}]}""";

    private const string ShortRequest =
        """{"inputs":[{"name":"count","shape":[],"datatype":"INT64","data":[1]},{"name":"start","shape":[1],"datatype":"FP32","data":[1]}]}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replica_KilledBeforeItAnswered_IsReplacedAndTheRequestRunsOnAnother()
    {
        using var client = fixture.CreateClient();
        await client.PostAsync(Infer, ScalingFixture.Json(ShortRequest), Token);
        var before = await ReplaysAsync(client);
        var answer = client.PostAsync(Infer, ScalingFixture.Json(LongRequest), Token);
        var busy = await BusyReplicaAsync();

        Process.GetProcessById(busy.ProcessId!.Value).Kill();

        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
        var body = JsonNode.Parse(await (await answer).Content.ReadAsStringAsync(Token))!;
        Assert.Equal(400_001, (double)body["outputs"]![0]!["data"]![0]!);
        var status = await fixture.Platform.GetContainersAsync(Token);
        Assert.Equal("Crashed", status.Replicas.Single(replica => replica.Name == busy.Name).State);
        Assert.Equal(before + 1, await ReplaysAsync(client));
    }

    [Fact]
    public async Task Replica_KilledWithinAStream_EndsItWithAnErrorEvent()
    {
        using var client = fixture.CreateClient();
        using var api = new GenerationApi(client);
        var events = new List<string>();
        JsonObject request = new() { ["model"] = ScalingFixture.Writer, ["prompt"] = "a", ["max_tokens"] = 1000, ["stream"] = true, ["ignore_eos"] = true };

        await foreach (var item in api.StreamAsync("/v1/completions", request, Token))
        {
            if (events.Count == 0)
                Process.GetProcessById((await BusyReplicaAsync()).ProcessId!.Value).Kill();
            events.Add(item);
        }

        Assert.DoesNotContain("[DONE]", events);
        Assert.NotNull(JsonNode.Parse(events[^1])!["error"]);
    }

    /// <summary>How many requests were sent once more, for whatever reason.</summary>
    private static async Task<int> ReplaysAsync(HttpClient client) =>
        ReplayCount().Matches(await client.GetStringAsync("/metrics", Token))
            .Sum(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));

    private async Task<ReplicaStatus> BusyReplicaAsync() =>
        (await fixture.WaitAsync(status => status.Replicas.Any(IsBusy), "A request in a replica")).Replicas.First(IsBusy);

    private static bool IsBusy(ReplicaStatus replica) => replica is { InFlight: > 0, State: "Ready" };

    [GeneratedRegex(@"^serverless_gateway_replays\{[^}]*\} (\d+)", RegexOptions.Multiline)]
    private static partial Regex ReplayCount();
}
