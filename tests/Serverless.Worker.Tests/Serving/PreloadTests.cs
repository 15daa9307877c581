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

    [Fact]
    public async Task Start_StoreCannotBeRead_IsReadyAllTheSame()
    {
        Directory.CreateDirectory(_folder.File("store/m"));
        // Nobody listens on port 1.
        await using var worker = await RunningWorker.StartAsync(
            "--Worker:ModelStore=", "--Worker:Preload:0=m",
            "--Storage=DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:1/a");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromMinutes(1));

        while ((await worker.GetAsync("/v2/health/ready")).Response.StatusCode != HttpStatusCode.OK)
            await Task.Delay(20, limit.Token);
    }

    public void Dispose() => _folder.Dispose();
}
