using System.Diagnostics;
using System.Globalization;
using System.Text;
using Serverless.Topology.Layout;

namespace Serverless.EndToEnd.Tests;

/// <summary><c>infer top</c> against the real gateway and worker.</summary>
[Collection(PlatformCollection.Name)]
public sealed class TopTests(PlatformFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Top_Once_ShowsWhatTheMetricsOfBothSay()
    {
        using var client = fixture.CreateClient();
        using var answer = await client.PostAsync(
            $"/v2/models/{TestModels.Small}/infer", new StringContent(TestModels.SmallRequest, Encoding.UTF8, "application/json"), Token);
        answer.EnsureSuccessStatusCode();

        var ports = fixture.Platform.Options.Ports;
        var (exitCode, output) = await InferAsync("top", "--once", "--interval", "1", "--worker", Url(ports.WorkerMetrics));

        Assert.True(exitCode == 0, output);
        Assert.Contains("1 up", output, StringComparison.Ordinal);
        Assert.Matches($@"127\.0\.0\.1:{ports.WorkerMetrics} +up +\d+m \d+s ", output);
        Assert.Matches($@"{TestModels.Small} +\d+ +ready ", output);
        // The one thing that this platform does not have.
        Assert.Matches(@"cost/h: replicas have no prices", output);
        Assert.DoesNotContain("the API answered", output, StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Output)> InferAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(Repository.Find().OutputOf("tools/Serverless.Cli"), "infer.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["INFER_URL"] = Url(fixture.Platform.Options.Ports.Functions);
        start.Environment["INFER_API_KEY"] = fixture.Platform.Options.ApiKey;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(Token);
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, output + await errors);
    }

    private static string Url(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
}
