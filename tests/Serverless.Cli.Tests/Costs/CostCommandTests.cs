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
    public async Task Cost_UnknownGroup_SaysWhatIsAllowed()
    {
        var run = await InferRun.OfAsync("cost", "--by", "colour");

        Assert.NotEqual(0, run.ExitCode);
    }
}
