using Serverless.Cli.Batches;
using Serverless.Cli.Top;
using Spectre.Console;

namespace Serverless.Cli.Tests.Top;

public sealed class TopViewTests
{
    private const string GatewayBefore = """
        process_start_time_seconds 100
        serverless_gateway_requests{api="openai",caller="shop",status="200"} 100
        serverless_gateway_requests{api="operator",caller="ops",status="200"} 7
        serverless_gateway_request_duration_bucket{api="openai",le="0.1"} 90
        serverless_gateway_request_duration_bucket{api="openai",le="+Inf"} 100
        """;

    private const string GatewayNow = """
        process_start_time_seconds 100
        serverless_gateway_requests{api="openai",caller="shop",status="200"} 149
        serverless_gateway_requests{api="openai",caller="shop",status="503"} 1
        serverless_gateway_requests{api="operator",caller="ops",status="200"} 90
        serverless_gateway_request_duration_bucket{api="openai",le="0.1"} 140
        serverless_gateway_request_duration_bucket{api="openai",le="+Inf"} 150
        serverless_gateway_held 4
        """;

    private const string WorkerBefore = """
        process_start_time_seconds 100
        serverless_inference_requests{model="tinylm",outcome="ok"} 10
        serverless_generation_tokens_output{model="tinylm"} 1000
        serverless_inference_request_duration_bucket{model="tinylm",outcome="ok",le="0.5"} 10
        serverless_inference_request_duration_bucket{model="tinylm",outcome="ok",le="2.5"} 10
        """;

    private const string WorkerNow = """
        process_start_time_seconds 100
        process_resident_memory_bytes 250000000
        serverless_inference_requests{model="tinylm",outcome="ok"} 20
        serverless_generation_tokens_output{model="tinylm"} 1300
        serverless_generation_waiting{model="tinylm"} 2
        serverless_inference_models_loaded 1
        serverless_inference_request_duration_bucket{model="tinylm",outcome="ok",le="0.5"} 10
        serverless_inference_request_duration_bucket{model="tinylm",outcome="ok",le="2.5"} 20
        serverless_cost_charged{model="tinylm",pool="default",tenant="shop"} 0.3
        serverless_cost_charged{model="",pool="default",tenant="idle"} 0.1
        """;

    private static readonly Part<IReadOnlyDictionary<string, string>> States =
        new(new Dictionary<string, string> { ["tinylm"] = "ready" });

    private static readonly Part<ModelList> Models = new(new ModelList(true, [new("minilm", 1), new("tinylm", 3)]));

    [Fact]
    public void Of_EverythingReadTwice_ShowsRatesQuantilesAndCost()
    {
        var output = Render(new PlatformReading(
            Observe(GatewayBefore, GatewayNow),
            Replicas(new Replica("worker-1", "ready", Url), WorkerBefore, WorkerNow),
            Models, States, Batches(total: 500, completed: 120, failed: 5)));

        Assert.Matches(@"1 ready +25 +0.5 +99 ms +150 +4 +2 +375 +0.80 ", output);
        Assert.Matches(@"worker-1 +ready +30m 0s +5 +150 +1 +250.0 MB +0.80 ", output);
        Assert.Matches(@"tinylm +3 +ready +5 +2.48 s +150 +2 ", output);
        Assert.Matches(@"minilm +1 +not loaded +0 +– +0 +0 ", output);
        Assert.True(output.IndexOf("tinylm", StringComparison.Ordinal) < output.IndexOf("minilm", StringComparison.Ordinal));
        Assert.DoesNotContain(":", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_NoReplica_ShowsZeroes()
    {
        var output = Render(new PlatformReading(
            Observe(GatewayBefore, GatewayNow), new([]), new(new ModelList(false, [new("tinylm", 3)])), new(new Dictionary<string, string>()), new([])));

        Assert.Matches(@"at zero +25 +0.5 +99 ms +0 +4 +0 +0 +0.00 ", output);
        Assert.Matches(@"tinylm +3 +at zero +0 ", output);
    }

    [Fact]
    public void Of_PartsThatCannotBeRead_ShowsADashAndSaysWhy()
    {
        var output = Render(new PlatformReading(
            new(null, "no answer in time"), new(null, "name them"), Models, new(null, "the API answered 403: No."), new(null, "the API answered 500: Oh.")));

        Assert.Matches(@"awake +– +– +– +– +– +– +– +– ", output);
        Assert.Matches(@"tinylm +3 +– +– ", output);
        Assert.Contains("req/s, 5xx/s, p99, held: no answer in time", output, StringComparison.Ordinal);
        Assert.Contains("replicas, tokens/s, waiting, cost/h: name them", output, StringComparison.Ordinal);
        Assert.Contains("states of models: the API answered 403: No.", output, StringComparison.Ordinal);
        Assert.Contains("lines: the API answered 500: Oh.", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AReplicaThatIsGoneAndOneWithoutPrices_SaysSo()
    {
        var gone = new ReplicaReading(new Replica("[gone]", null, Url), new(null, "Connection refused"), null);
        var free = new ReplicaReading(new Replica("free", null, Url), Observe(WorkerBefore, WorkerBefore), TimeSpan.FromDays(1.5));

        var output = Render(new PlatformReading(
            new(new Observation(Scrape.Parse(GatewayNow, TimeSpan.Zero), null)), new([gone, free]), Models, States, new([])));

        Assert.Contains("1 unreachable, 1 up", output, StringComparison.Ordinal);
        Assert.Matches(@"\[gone\] +unreachable +– ", output);
        Assert.Contains("[gone]: Connection refused", output, StringComparison.Ordinal);
        Assert.Matches(@"free +up +1d 12h ", output);
        Assert.Contains("cost/h: replicas have no prices", output, StringComparison.Ordinal);
        Assert.Contains("read for the first time", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(24)]
    [InlineData(40)]
    public void Of_MoreModelsThanTheTerminalHasLines_LeavesTheIdlestOut(int height)
    {
        var many = Enumerable.Range(0, 30).Select(i => new ModelRow($"a-model-whose-name-is-much-longer-than-its-column-{i:00}", 1));
        var reading = new PlatformReading(
            Observe(GatewayBefore, GatewayNow), Replicas(new Replica("worker-1", "ready", Url), WorkerBefore, WorkerNow),
            new(new ModelList(true, [.. many, new("tinylm", 3)])), States, new(null, "the API answered 500: Oh."));

        var output = Render(reading, width: 80, height);

        var lines = output.TrimEnd('\n').Split('\n');
        Assert.True(lines.Length < height, $"{lines.Length} lines:\n{output}");
        Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 0, 80));
        Assert.Contains("req/s", output, StringComparison.Ordinal);
        Assert.Matches(@"tinylm +3 +ready", output);
        Assert.Matches(@"a-model-\S+(…|\.\.\.) +1 +not loaded", output);
        Assert.Matches(@"and \d+ more", output);
        Assert.Contains("lines: the API answered 500: Oh.", output, StringComparison.Ordinal);
    }

    private static Uri Url => new("http://127.0.0.1:8081");

    private static Part<Observation> Observe(string before, string now)
    {
        var (first, second) = (Scrape.Parse(before, TimeSpan.Zero), Scrape.Parse(now, TimeSpan.FromSeconds(2)));
        return new(new Observation(second, new Change(first, second)));
    }

    private static Part<IReadOnlyList<ReplicaReading>> Replicas(Replica replica, string before, string now) =>
        new([new ReplicaReading(replica, Observe(before, now), TimeSpan.FromMinutes(30))]);

    private static Part<IReadOnlyList<Batch>> Batches(int total, int completed, int failed)
    {
        Batch Of(string status) => new("batch_1", status, "/v1/embeddings", total, completed, failed, null, null, DateTimeOffset.UnixEpoch, []);
        return new([Of("in_progress"), Of("cancelled")]);
    }

    private static string Render(PlatformReading reading, int width = 160, int? height = null)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        console.Write(TopView.Of(reading, height));
        return output.ToString();
    }
}
