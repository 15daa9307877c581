using Serverless.Topology.Layout;
using Serverless.Topology.Processes;

namespace Serverless.EndToEnd.Tests;

[Collection(PlatformCollection.Name)]
public sealed class ModelShowTests(PlatformFixture fixture)
{
    [Fact]
    public async Task Show_Live_SaysHowTheWorkerLoadedTheModel()
    {
        var folder = Repository.Find().OutputOf("tools/Serverless.Cli");
        var settings = new Dictionary<string, string>
        {
            ["INFER_URL"] = fixture.Platform.ApiUrl.ToString(),
            ["INFER_API_KEY"] = fixture.Platform.Options.ApiKey,
            ["INFER_STORE"] = fixture.Platform.StorageConnectionString,
        };
        string[] arguments = [Path.Combine(folder, "infer.dll"), "model", "show", TestModels.MiniLm, "--live"];
        await using var infer = await ServiceProcess.StartAsync(
            new ServiceCommand("infer", "dotnet", arguments, folder, settings, fixture.Platform.ApiUrl));

        await infer.Exited.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        var output = string.Join('\n', infer.Output);
        Assert.True(infer.Output.Contains("[exit code 0]"), output);
        foreach (var stage in new[] { "load_fetch_ms", "load_decode_ms", "load_session_ms", "load_warmup_ms", "load_bytes", "load_bytes_from_cache" })
            Assert.Contains(stage, output, StringComparison.Ordinal);
    }
}
