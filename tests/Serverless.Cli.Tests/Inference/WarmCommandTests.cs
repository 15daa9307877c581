using Serverless.Cli.Tests.Generation;

namespace Serverless.Cli.Tests.Inference;

public sealed class WarmCommandTests
{
    [Fact]
    public async Task Warm_Models_ShowsTheirStates()
    {
        using var api = new ScriptedApi(_ => (202, """
            {"object":"warm","status":"loading","replica":{"status":"ready","seconds":8.1},"models":[{"model":"a:2","status":"loading"}]}
            """));

        var run = await InferRun.OfAsync("warm", "a:2", "--wait", "3", "--url", api.Url, "--key", "k");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches("replica +│ ready +│ 8.1", run.Output);
        Assert.Matches("a:2 +│ loading", run.Output);
        Assert.Equal("""{"models":["a:2"],"wait":3}""", Assert.Single(api.Requests).GetRawText());
    }
}
