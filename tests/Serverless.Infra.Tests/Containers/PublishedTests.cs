namespace Serverless.Infra.Tests.Containers;

[Collection(PublishedCollection.Name)]
public sealed class PublishedTests(PublishedPlatform platform)
{
    [Fact]
    public async Task Platform_AsInItsContainers_Answers()
    {
        Assert.Contains("[3,4]",
            (await platform.InferAsync()).Replace(".0", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worker_InItsContainer_IsNotRoot()
    {
        Assert.SkipUnless(ContainerUser.CanSwitch, "Only root can become another user; this run is not root itself.");

        var status = await File.ReadAllLinesAsync($"/proc/{platform.Worker.Id}/status", TestContext.Current.CancellationToken);

        Assert.Equal($"Uid:\t{ContainerUser.Id}\t{ContainerUser.Id}\t{ContainerUser.Id}\t{ContainerUser.Id}", status.Single(IsUid));
        static bool IsUid(string line) => line.StartsWith("Uid:", StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs:\t1", status);
    }

    [Fact]
    public async Task Trees_OfBothApps_AreLeftAsTheyWere()
    {
        await platform.InferAsync();

        foreach (var folder in new[] { platform.WorkerFolder, platform.GatewayFolder })
            Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories), Touched);

        bool Touched(string path) =>
            File.GetLastWriteTimeUtc(path) > System.Diagnostics.Process.GetProcessById(platform.Worker.Id).StartTime.ToUniversalTime();
    }

    [Fact]
    public void Tree_OfTheWorker_HoldsWhatTheImageNeedsAndNoMore()
    {
        var files = Directory.EnumerateFiles(platform.WorkerFolder).Select(file => Path.GetFileName(file)).ToList();

        Assert.Contains("libonnxruntime.so", files);
        Assert.Contains("libonnxruntime_providers_cuda.so", files);
        Assert.Contains("Serverless.Worker.deps.json", files);
        // The runtime comes with it: its image has none.
        Assert.Contains("libcoreclr.so", files);
        Assert.DoesNotContain("onnxruntime.dll", files);
        Assert.DoesNotContain("local.settings.json", files);
    }

    [Fact]
    public void Tree_OfTheGateway_HoldsTheHostsFiles()
    {
        foreach (var file in new[] { "host.json", "functions.metadata", "worker.config.json", "extensions.json" })
            Assert.True(File.Exists(Path.Combine(platform.GatewayFolder, file)), file);
        Assert.False(File.Exists(Path.Combine(platform.GatewayFolder, "local.settings.json")));
    }
}
