using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Serverless.Contracts.Http;
using Serverless.Models.Manifest;
using Serverless.SampleModels.Decoders;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;
using Serverless.Worker.Grpc.Protocol;

namespace Serverless.Worker.Tests.Draining;

/// <summary>What callers of a worker see that was told to stop.</summary>
public sealed class DrainTests
{
    private const string Scale = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";
    private const string Endless =
        """{"inputs":[{"name":"count","shape":[],"datatype":"INT64","data":[2000000000]},{"name":"start","shape":[1],"datatype":"FP32","data":[1]}]}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stopping_RequestAtHand_IsAnsweredWhileNewOnesAreRefused()
    {
        await using var worker = await RunningWorker.StartAsync();
        await worker.PushAsync("m", OnnxGraphs.Scale(2));
        using var body = new GatedContent(Scale);
        var held = worker.Client.PostAsync("/v2/models/m/infer", body, Token);
        await AtHandAsync(worker);

        var stopping = worker.StopAsync();
        var (live, _) = await worker.GetAsync("/v2/health/live");
        var (ready, _) = await worker.GetAsync("/v2/health/ready");
        var (refused, error) = await worker.PostAsync("/v2/models/m/infer", Scale);
        body.Open();
        using var answer = await held;
        await stopping;

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        Assert.True(refused.Headers.ConnectionClose);
        Assert.True(refused.Headers.Contains(InferenceHeaders.Refused));
        Assert.Contains("being stopped", error.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, worker.Drain.Running);
    }

    [Fact]
    public async Task Stopping_RunThatOutlastsTheDrain_IsToldToTryAgain()
    {
        await using var worker = await RunningWorker.StartAsync("--Worker:DrainTime=00:00:00.2");
        await worker.PushAsync("slow", OnnxGraphs.Slow());
        var running = worker.PostAsync("/v2/models/slow/infer", Endless);
        await AtHandAsync(worker);
        await LoadedAsync(worker);

        await worker.StopAsync();
        var (answer, error) = await running;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains("being stopped", error.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_TextThatOutlastsTheDrain_EndsWithAnErrorEvent()
    {
        using var folder = new TemporaryFolder();
        await using var worker = await RunningWorker.StartAsync("--Worker:DrainTime=00:00:00");
        var graph = DecoderBuilder.WriteRandom(folder.File("decoder"), DecoderShape.Tiny with { Context = 100_000 });
        await worker.PushAsync("writer", ModelTasks.TextGeneration, graph);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions")
        {
            Content = new StringContent(
                """{"model":"writer","prompt":"In the beginning","max_tokens":90000,"ignore_eos":true,"stream":true}""",
                System.Text.Encoding.UTF8,
                "application/json"),
        };
        using var response = await worker.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        await events.ReadLineAsync(Token);

        var stopping = worker.StopAsync();
        var rest = await events.ReadToEndAsync(Token);
        await stopping;

        var last = rest.TrimEnd().Split("\n\n")[^1];
        Assert.Contains("\"code\":\"model_unavailable\"", last, StringComparison.Ordinal);
        Assert.Contains("being stopped", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_OpenGrpcStream_EndsItAsUnavailable()
    {
        await using var worker = await RunningWorker.StartAsync();
        using var channel = GrpcChannel.ForAddress(worker.GrpcUrl);
        using var call = new GRPCInferenceService.GRPCInferenceServiceClient(channel).ModelStreamInfer(cancellationToken: Token);
        await AtHandAsync(worker);

        await worker.StopAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Token));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    private static async Task AtHandAsync(RunningWorker worker)
    {
        while (worker.Drain.Running == 0)
            await Task.Delay(5, Token);
    }

    // Of a load that a stop meets its own tests tell.
    private static async Task LoadedAsync(RunningWorker worker)
    {
        while ((await worker.PostAsync("/v2/repository/index", """{"ready":true}""")).Body.GetArrayLength() == 0)
            await Task.Delay(5, Token);
    }
}
