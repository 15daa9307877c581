using Serverless.Cli.Tests.Generation;

namespace Serverless.Cli.Tests.Costs;

public sealed class CostCommandTests
{
    [Fact]
    public async Task Cost_ByModel_PrintsTableAndBars()
    {
        using var api = new ScriptedApi(_ => (200, """
            {"object":"list","currency":"EUR","by":"model","data":[{"key":"minilm","day":null,"cost":1.25,"device_seconds":12.5,"requests":300},
            {"key":"idle","day":null,"cost":0.5,"device_seconds":0,"requests":0}],"total":1.75}
            """));

        var run = await InferRun.OfAsync("cost", "--by", "model", "--url", api.Url, "--key", "k");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("cost (EUR)", run.Output, StringComparison.Ordinal);
        Assert.Matches("minilm +│ 1.25 +│ 12.5 +│ 300", run.Output);
        Assert.Matches("minilm +█+ 1.25", run.Output);
        Assert.Matches("total +│ 1.75", run.Output);
    }

    [Fact]
    public async Task Cost_ByTenant_IsWhatItDoesUnlessToldOtherwise()
    {
        using var api = new ScriptedApi(_ => (200, """
            {"object":"list","currency":"USD","by":"tenant","data":[{"key":"acme","day":null,"cost":2,"device_seconds":4,"requests":7},
            {"key":"globex","day":null,"cost":0.5,"device_seconds":1,"requests":1},
            {"key":"idle","day":null,"cost":0.0000015,"device_seconds":0,"requests":0}],"total":2.5000015}
            """));

        var asked = await InferRun.OfAsync("cost", "--by", "tenant", "--url", api.Url, "--key", "k");
        var usual = await InferRun.OfAsync("cost", "--url", api.Url, "--key", "k");

        Assert.Equal(0, asked.ExitCode);
        Assert.Matches("tenant +│ cost \\(USD\\) +│ device seconds +│ requests", asked.Output);
        Assert.Matches("acme +│ 2 +│ 4 +│ 7", asked.Output);
        // A quarter of the longest bar, and what is too small for one.
        Assert.Equal(BarOf("acme", asked.Output) / 4.0, BarOf("globex", asked.Output), 1.0);
        Assert.Equal(0, BarOf("idle", asked.Output));
        Assert.Matches("idle +0.000002", asked.Output);
        Assert.Equal(asked.Output, usual.Output);
        Assert.All(api.Queries, query => Assert.Equal("tenant", query["by"]));
        Assert.All(api.Queries, query => Assert.Null(query["from"] ?? query["to"]));
    }

    [Fact]
    public async Task Cost_ByDayOfAPeriod_AsksForItAndPrintsItsDays()
    {
        using var api = new ScriptedApi(_ => (200, """
            {"object":"list","currency":"USD","by":"day","data":[{"key":"2026-03-09","day":"2026-03-09","cost":3,"device_seconds":30,"requests":10},
            {"key":"2026-03-10","day":"2026-03-10","cost":1.5,"device_seconds":15,"requests":5}],"total":4.5}
            """));

        var run = await InferRun.OfAsync("cost", "--by", "day", "--from", "2026-03-09", "--to", "2026-03-10", "--url", api.Url, "--key", "k");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches("2026-03-09 +│ 3 +│ 30 +│ 10", run.Output);
        Assert.Matches("2026-03-10 +█+ 1.5", run.Output);
        Assert.Equal(BarOf("2026-03-09", run.Output) / 2.0, BarOf("2026-03-10", run.Output), 1.0);
        Assert.Matches("total +│ 4.5", run.Output);
        var query = Assert.Single(api.Queries);
        Assert.Equal(("day", "2026-03-09", "2026-03-10"), (query["by"], query["from"], query["to"]));
    }

    [Fact]
    public async Task Cost_OfADayThatIsNone_SaysWhatTheApiSays()
    {
        using var api = new ScriptedApi(_ => (400, """
            {"error":{"message":"'from' must be a day such as 2026-01-31.","type":"invalid_request_error","param":"from","code":"invalid_request"}}
            """));

        var run = await InferRun.OfAsync("cost", "--from", "last week&by=day", "--url", api.Url, "--key", "k");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("'from' must be a day such as 2026-01-31.", run.Errors, StringComparison.Ordinal);
        Assert.Equal("last week&by=day", Assert.Single(api.Queries)["from"]);
    }

    [Fact]
    public async Task Cost_NothingSpent_IsATableWithoutBars()
    {
        using var api = new ScriptedApi(_ => (200, """{"object":"list","currency":"USD","by":"tenant","data":[],"total":0}"""));

        var run = await InferRun.OfAsync("cost", "--url", api.Url, "--key", "k");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches("total +│ 0", run.Output);
        Assert.DoesNotContain('█', run.Output);
    }

    [Fact]
    public async Task Cost_UnknownGroup_SaysWhatIsAllowed()
    {
        var run = await InferRun.OfAsync("cost", "--by", "colour");

        Assert.NotEqual(0, run.ExitCode);
    }

    /// <summary>Length of the bar of a key with the value at its end, which is part of it; 0 without one.</summary>
    private static int BarOf(string key, string output)
    {
        var line = output.Split('\n').Select(line => line.Trim()).Single(
            line => line.StartsWith($"{key} ", StringComparison.Ordinal) && !line.Contains('│', StringComparison.Ordinal));
        return line.Contains('█', StringComparison.Ordinal) ? line.Length - line.IndexOf('█', StringComparison.Ordinal) : 0;
    }
}
