using System.Net;
using Azure.Storage.Blobs;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;
using Serverless.Topology.Processes;

namespace Serverless.Worker.Tests.Storage;

/// <summary>The worker over the store it has in Azure: blobs, here of a real Azurite.</summary>
public sealed class BlobStorageTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private const string Request = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Infer_ModelInBlobStorage_IsLoadedOnFirstUseAndFollowed()
    {
        await using var worker = await RunningWorker.StartAsync("--Worker:ModelStore=", $"--Storage={azurite.ConnectionString}");
        var (none, _) = await worker.PostAsync("/v2/models/m/infer", Request);
        var (_, empty) = await worker.GetAsync("/v1/models");
        await worker.PushAsync("m", OnnxGraphs.Scale(2));

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => worker.PostAsync("/v2/models/m/infer", Request)));

        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        Assert.Equal("[]", empty.GetProperty("data").GetRawText());
        Assert.All(answers, answer => Assert.Equal("[2,4]", Data(answer.Body)));
        var container = new BlobContainerClient(azurite.ConnectionString, "models");
        Assert.True(await container.GetBlobClient("m/versions/1.json").ExistsAsync(Token));

        await worker.PushAsync("m", OnnxGraphs.Scale(3));
        string data;
        do
        {
            data = Data((await worker.PostAsync("/v2/models/m/infer", Request)).Body);
            Assert.Contains(data, new[] { "[2,4]", "[3,6]" });
            await Task.Delay(50, Token);
        }
        while (data != "[3,6]");
    }

    [Fact]
    public async Task Infer_StorageDoesNotAnswer_IsUnavailableWithRetryAfter()
    {
        var port = FreePorts.Pick(1)[0];
        await using var worker = await RunningWorker.StartAsync(
            "--Worker:ModelStore=",
            $"--Storage=DefaultEndpointsProtocol=http;AccountName=a;AccountKey=Zm9v;BlobEndpoint=http://127.0.0.1:{port}/a;");

        var (response, body) = await worker.PostAsync("/v2/models/m/infer", Request);
        var (list, _) = await worker.GetAsync("/v1/models");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Contains("store", body.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, list.StatusCode);
    }

    private static string Data(System.Text.Json.JsonElement body) => body.GetProperty("outputs")[0].GetProperty("data").GetRawText();
}
