using System.Net;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using Serverless.Models.Aliases;
using Serverless.TestKit.Onnx;
using Serverless.Worker.Grpc.Protocol;
using Serverless.Worker.Tests.Telemetry;

namespace Serverless.Worker.Tests.Serving;

/// <summary>The alias <c>split:prod</c> is version 1, and one request of two is its canary's, version 2.</summary>
public sealed class CanaryTests : IAsyncLifetime
{
    // A name of its own: the metrics of a process are those of every worker that tests run in it.
    private const string Model = "split";
    private const string Request = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";

    private RunningWorker _worker = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _worker = await RunningWorker.StartAsync();
        await _worker.PushAsync(Model, OnnxGraphs.Scale(2));
        await _worker.PushAsync(Model, OnnxGraphs.Scale(3));
        await _worker.Store.SetAliasAsync(Model, "prod", 1, null, Token);
        await _worker.Store.SetCanaryAsync(Model, "prod", new AliasCanary(2, 50), Token);
        using var loaded = await _worker.Client.PostAsync("/v2/repository/models/split:prod/load", null, Token);
        loaded.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    [Fact]
    public async Task Infer_SameRoutingKey_IsAnsweredByTheSameVersion()
    {
        var versions = new Dictionary<string, string>();
        for (var i = 0; i < 40; i++)
        {
            var key = $"user {i % 10}";
            var (answer, header) = await InferAsync(key);
            Assert.Contains($"\"model_version\":\"{header}\"", answer, StringComparison.Ordinal);
            Assert.Contains(header == "1" ? "[2,4]" : "[3,6]", answer, StringComparison.Ordinal);
            Assert.Equal(header, versions.TryGetValue(key, out var before) ? before : versions[key] = header);
        }

        Assert.Equal(2, versions.Values.Distinct().Count());
    }

    [Fact]
    public async Task Infer_WithoutAKey_GoesToBothAndIsCountedByVersion()
    {
        for (var i = 0; i < 40; i++)
            await InferAsync(key: null);
        using var client = new HttpClient();

        var samples = PrometheusTextCheck.Parse(await client.GetStringAsync(_worker.MetricsUrl, Token));

        var main = samples["serverless_inference_requests{model=\"split\",outcome=\"ok\",version=\"1\"}"];
        var canary = samples["serverless_inference_requests{model=\"split\",outcome=\"ok\",version=\"2\"}"];
        Assert.Equal(40, main + canary);
        Assert.Equal(canary, samples["serverless_inference_request_duration_count{model=\"split\",outcome=\"ok\",version=\"2\"}"]);
    }

    [Fact]
    public async Task Infer_OverGrpc_FollowsTheKeyToo()
    {
        using var channel = GrpcChannel.ForAddress(_worker.GrpcUrl);
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(channel);
        for (var i = 0; i < 10; i++)
        {
            var (_, version) = await InferAsync($"user {i}");
            var request = new ModelInferRequest { ModelName = "split:prod" };
            request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor
            {
                Name = "x",
                Datatype = "FP32",
                Shape = { 1, 2 },
                Contents = new InferTensorContents { Fp32Contents = { 1, 2 } },
            });

            var response = await client.ModelInferAsync(
                request, new Metadata { { "x-inference-routing-key", $"user {i}" } }, cancellationToken: Token);

            Assert.Equal(version, response.ModelVersion);
        }
    }

    [Fact]
    public async Task Infer_KeyThatIsTooLong_IsRefusedNamingTheHeader()
    {
        using var response = await SendAsync(new string('k', 129));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("X-Inference-Routing-Key", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetModel_Alias_TellsOfWhereItPoints()
    {
        for (var i = 0; i < 10; i++)
        {
            var (_, body) = await _worker.GetAsync("/v2/models/split:prod");
            Assert.Equal("1", body.GetProperty("properties").GetProperty("version").GetString());
        }
    }

    private async Task<(string Answer, string Version)> InferAsync(string? key)
    {
        using var response = await SendAsync(key);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadAsStringAsync(Token), response.Headers.GetValues("X-Inference-Version").Single());
    }

    private async Task<HttpResponseMessage> SendAsync(string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/split:prod/infer")
        {
            Content = new StringContent(Request, Encoding.UTF8, "application/json"),
        };
        if (key is not null)
            request.Headers.Add("X-Inference-Routing-Key", key);
        return await _worker.Client.SendAsync(request, Token);
    }
}
