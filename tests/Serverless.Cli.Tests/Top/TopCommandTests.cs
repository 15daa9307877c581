using System.Collections.Concurrent;
using Serverless.Cli.Tests.Generation;
using Serverless.Topology.Processes;

namespace Serverless.Cli.Tests.Top;

public sealed class TopCommandTests
{
    private readonly ConcurrentQueue<string> _asked = new();
    private int _scrapes;

    [Fact]
    public async Task Top_Once_ComparesTwoReadingsAndPrintsOneTable()
    {
        using var api = new ScriptedApi((request, _) => Answer(request, awake: true));
        using var worker = new ScriptedApi((_, _) => (200, $$"""
            process_start_time_seconds {{TimeProvider.System.GetUtcNow().AddHours(-2).ToUnixTimeSeconds()}}
            serverless_inference_models_loaded 1
            serverless_cost_charged{tenant="idle"} 3
            """));

        var run = await InferRun.OfAsync("top", "--once", "--interval", "1", "--url", api.Url, "--key", "k", "--worker", worker.Url);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Single(run.Output.Split("5xx/s")[1..]);
        Assert.Matches("1 up +[0-9.]+ +0 +99 ms ", run.Output);
        Assert.Matches(@"127.0.0.1:\d+ +up +2h 0m .* 1.50 ", run.Output);
        Assert.Matches("minilm +2 +ready ", run.Output);
        // Once for both readings: nothing was loaded between them.
        Assert.Single(_asked, "POST /v2/repository/index");
    }

    [Fact]
    public async Task Top_NothingAwake_WakesNothing()
    {
        using var api = new ScriptedApi((request, _) => Answer(request, awake: false));

        var run = await InferRun.OfAsync("top", "--once", "--interval", "1", "--url", api.Url, "--worker", $"http://127.0.0.1:{FreePorts.Pick(1)[0]}");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches("minilm +2 +at zero ", run.Output);
        Assert.Contains("1 unreachable", run.Output, StringComparison.Ordinal);
        Assert.Contains("Connection refused", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("POST /v2/repository/index", _asked);
    }

    [Fact]
    public async Task Top_KeyThatMayNot_SaysSo()
    {
        using var api = new ScriptedApi((_, _) => (403, """{"error":{"message":"This key may not use operators' endpoints."}}"""));

        var run = await InferRun.OfAsync("top", "--once", "--url", api.Url, "--key", "k");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("The API answered 403: This key may not use operators' endpoints.", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Top_NothingListens_SaysSoWithoutAStack()
    {
        var run = await InferRun.OfAsync("top", "--once", "--url", $"http://127.0.0.1:{FreePorts.Pick(1)[0]}");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Connection refused", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--interval", "0")]
    [InlineData("--interval", "61")]
    [InlineData("--worker", "nowhere")]
    [InlineData("--worker", "ftp://10.0.0.4")]
    public async Task Top_OptionThatCannotBe_IsNamed(string option, string value)
    {
        var run = await InferRun.OfAsync("top", "--once", option, value);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(option, run.Errors, StringComparison.Ordinal);
    }

    private (int Status, string Body) Answer(string request, bool awake)
    {
        _asked.Enqueue(request);
        return request switch
        {
            "GET /metrics" => (200, Scrape(Interlocked.Increment(ref _scrapes))),
            "GET /console/models" => (200, $$"""{"object":"list","awake":{{(awake ? "true" : "false")}},"data":[{"id":"minilm","version":2}]}"""),
            "POST /v2/repository/index" => (200, """[{"name":"minilm","version":"1","state":"UNAVAILABLE"},{"name":"minilm","version":"2","state":"READY"}]"""),
            "GET /v1/batches" => (200, """{"object":"list","data":[]}"""),
            _ => (404, "{}"),
        };
    }

    // With each scrape there are a hundred requests more.
    private static string Scrape(int number) => $$"""
        process_start_time_seconds 1
        serverless_gateway_requests{api="openai",status="200"} {{number * 100}}
        serverless_gateway_request_duration_bucket{api="openai",le="0.1"} {{number * 100}}
        serverless_gateway_request_duration_bucket{api="openai",le="+Inf"} {{number * 100}}
        """;
}
