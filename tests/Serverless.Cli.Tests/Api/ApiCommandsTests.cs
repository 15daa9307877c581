using Serverless.Topology.Processes;

namespace Serverless.Cli.Tests.Api;

public sealed class ApiCommandsTests
{
    [Fact]
    public async Task Embed_NothingListens_SaysSoWithoutAStack()
    {
        var url = $"http://127.0.0.1:{FreePorts.Pick(1)[0]}";

        var run = await InferRun.OfAsync("embed", "minilm", "a text", "--url", url, "--key", "k");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("127.0.0.1", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_UrlThatIsNone_IsRefused()
    {
        var run = await InferRun.OfAsync("embed", "minilm", "a text", "--url", "not a url");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("--url", run.Errors, StringComparison.Ordinal);
    }
}
