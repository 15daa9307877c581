using System.Text.Json.Nodes;
using Serverless.Models.Publishing;
using Serverless.Models.Storage;
using Serverless.TestKit;
using Serverless.TestKit.Jobs;
using Serverless.TestKit.Onnx;
using Serverless.Topology.Platform;

namespace Serverless.EndToEnd.Tests.Jobs;

/// <summary>A batch whose platform is killed piece by piece while it runs, beside the same batch left in peace.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int Seed = 8;

    // Two of each kind; what this test's time allows.
    private const int Strikes = 14;
    private const int FewestKills = 10;
    private const int Lines = 4_000;
    private const string Model = "slow";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Batch_ProcessesKilledWhileItRuns_AnswersEachLineOnceAsInPeace()
    {
        using var folder = new TemporaryFolder();
        var options = PlatformOptions.Isolated(folder.Path) with
        {
            WorkerSettings = new Dictionary<string, string> { ["Jobs__SegmentInterval"] = "00:00:00.5", ["Jobs__LinesInFlight"] = "8" },
            GatewaySettings = new Dictionary<string, string> { ["Jobs__ShardTarget"] = "00:00:02", ["Jobs__StallLimit"] = "00:00:15" },
        };
        await using var platform = await LocalPlatform.StartAsync(options, cancellationToken: Token);
        await platform.StartWorkerAsync("worker-2", Token);
        await TestModels.PushAsync(new ModelPublisher(ModelStores.InBlobStorage(new(platform.StorageConnectionString))), Model, OnnxGraphs.Slow());
        using var client = new BatchClient(platform.ApiUrl, options.ApiKey);
        var file = await client.UploadAsync(Requests.ToSlow(Model, Lines), Token);

        var peaceful = await RunAsync(client, file);
        using var stop = new CancellationTokenSource();
        var monkey = new ChaosMonkey(platform, Seed, TimeSpan.FromSeconds(1), Strikes);
        var chaos = monkey.RunAsync(stop.Token);
        JsonNode disturbed;
        try
        {
            disturbed = await RunAsync(client, file);
        }
        finally
        {
            await stop.CancelAsync();
            await chaos;
            output.WriteLine($"seed {Seed}: {string.Join(", ", monkey.Strikes)}");
        }

        Assert.True(monkey.Kills >= FewestKills, $"Only {monkey.Kills} kills came before the end: {string.Join(", ", monkey.Strikes)}.");
        Assert.Empty(ChaosMonkey.Kinds.Except(monkey.Strikes));
        var expected = await AnswersAsync(client, peaceful);
        var found = await AnswersAsync(client, disturbed);
        Assert.Equal(Enumerable.Range(0, Lines).Select(Requests.IdOf), expected.Select(answer => answer.Id));
        Assert.Equal(expected, found);
        await Wait.ForAsync(
            async () => await JobQueues.CountAsync(platform, Token) == 0 ? new object() : null, "Emptying every queue", JobQueues.TwoLocks);
    }

    private static async Task<JsonNode> RunAsync(BatchClient client, string file)
    {
        var batch = await client.CreateAsync(file, $"/v2/models/{Model}/infer", Token);
        var ended = await client.WaitAsync(batch, TimeSpan.FromSeconds(240), TimeSpan.FromSeconds(5), Token);
        Assert.True((string)ended["status"]! == "completed", ended.ToJsonString());
        Assert.Equal(Lines, (int)ended["request_counts"]!["completed"]!);
        Assert.Equal(0, (int)ended["request_counts"]!["failed"]!);
        return ended;
    }

    private static async Task<List<(string Id, int Status, string Body)>> AnswersAsync(BatchClient client, JsonNode batch)
    {
        Assert.Empty(await client.ReadAsync(batch["error_file_id"], Token));
        return
        [
            .. (await client.ReadAsync(batch["output_file_id"], Token)).Select(line => (
                (string)line["custom_id"]!, (int)line["response"]!["status_code"]!, line["response"]!["body"]!.ToJsonString())),
        ];
    }
}
