using System.Net;
using System.Text;
using System.Text.Json;
using Serverless.TestKit.Onnx;

namespace Serverless.Worker.Tests.Serving;

public sealed class ServingSettingsTests : IAsyncLifetime
{
    private const string Path = "/v2/repository/models/a/settings";
    private const string Request = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";

    private RunningWorker _worker = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _worker = await RunningWorker.StartAsync("--Worker:Instances=3");
        await _worker.PushAsync("a", OnnxGraphs.Scale(2));
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    [Fact]
    public async Task Patch_WhileServing_ChangesWhatIsNamedOnly()
    {
        await _worker.PostAsync("/v2/models/a/infer", Request);

        var (status, changed) = await PatchAsync("""{"max_batch":4,"cache_bytes":100000,"preferred_batches":[2,4]}""");
        var (_, read) = await _worker.GetAsync(Path);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(changed.GetRawText(), read.GetRawText());
        Assert.Equal(
            (4, 3, 100_000, 2),
            (read.GetProperty("max_batch").GetInt32(), read.GetProperty("instances").GetInt32(),
                read.GetProperty("cache_bytes").GetInt64(), read.GetProperty("preferred_batches").GetArrayLength()));
        await _worker.PostAsync("/v2/models/a/infer", Request);
        var (answer, _) = await _worker.PostAsync("/v2/models/a/infer", Request);
        Assert.Contains("run;dur=0", string.Join(' ', answer.Headers.GetValues("Server-Timing")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"max_batch":0}""", "max_batch must be 1 to 1024")]
    [InlineData("""{"max_waste":2}""", "max_waste must be 0 to 0.9")]
    [InlineData("""{"batch":4}""", "batch")]
    [InlineData("""{"max_batch":"4"}""", "max_batch")]
    [InlineData("null", "null")]
    [InlineData("", "JSON")]
    public async Task Patch_NotASetting_IsRefusedSayingWhatIsWrong(string body, string message)
    {
        var (status, answer) = await PatchAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(message, answer.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patch_ModelThatIsNotThere_IsNotFound()
    {
        var (response, _) = await _worker.GetAsync("/v2/repository/models/nothing/settings");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("X-Request-Timeout", "0")]
    [InlineData("X-Request-Timeout", "soon")]
    [InlineData("X-Inference-Priority", "first")]
    public async Task Infer_TermsThatAreNone_AreRefusedNamingTheHeader(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/a/infer")
        {
            Content = new StringContent(Request, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add(header, value);

        using var response = await _worker.Client.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(header, (await RunningWorker.ReadAsync(response)).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> PatchAsync(string json)
    {
        using var response = await _worker.Client.PatchAsync(Path, new StringContent(json, Encoding.UTF8, "application/json"), Token);
        return (response.StatusCode, await RunningWorker.ReadAsync(response));
    }
}
