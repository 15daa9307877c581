using System.Net;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;

namespace Serverless.Worker.Tests.Serving;

public sealed class PreloadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_ModelsToPreload_AreThereWhenTheWorkerIsReadyEvenIfOneFails()
    {
        await using (var first = await RunningWorker.StartAsync($"--Worker:ModelStore={_folder.File("store")}"))
            await first.PushAsync("m", OnnxGraphs.Scale(2));
        await using var worker = await RunningWorker.StartAsync(
            $"--Worker:ModelStore={_folder.File("store")}", "--Worker:Preload:0=nobody", "--Worker:Preload:1=m",
            $"--Worker:CacheFolder={_folder.File("cache")}");

        HttpStatusCode ready;
        do
        {
            ready = (await worker.GetAsync("/v2/health/ready")).Response.StatusCode;
            await Task.Delay(5, Token);
        }
        while (ready != HttpStatusCode.OK);
        var (_, index) = await worker.PostAsync("/v2/repository/index", """{"ready":true}""");

        Assert.Equal("m", index[0].GetProperty("name").GetString());
        Assert.True(Directory.Exists(_folder.File("cache")));
    }

    public void Dispose() => _folder.Dispose();
}
