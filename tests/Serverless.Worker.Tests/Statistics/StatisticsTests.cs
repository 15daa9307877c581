using System.Net;
using System.Text.Json;
using Grpc.Net.Client;
using Serverless.TestKit.Onnx;
using Serverless.Worker.Grpc.Protocol;

namespace Serverless.Worker.Tests.Statistics;

public sealed class StatisticsTests
{
    private const string Request = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";

    [Fact]
    public async Task Get_AfterRequests_CountsThem()
    {
        await using var worker = await RunningWorker.StartAsync();
        await worker.PushAsync("m", OnnxGraphs.Scale(2));
        await worker.PushAsync("idle", OnnxGraphs.Scale(2));
        Assert.Equal(0, (await worker.GetAsync("/v2/models/m/stats")).Body.GetProperty("model_stats").GetArrayLength());
        for (var i = 0; i < 3; i++)
            await worker.PostAsync("/v2/models/m/infer", Request);

        foreach (var path in new[] { "/v2/models/stats", "/v2/models/m/stats", "/v2/models/m/versions/1/stats" })
        {
            var row = (await worker.GetAsync(path)).Body.GetProperty("model_stats").EnumerateArray().Single();
            Assert.Equal(("m", "1"), (row.GetProperty("name").GetString(), row.GetProperty("version").GetString()));
            Assert.Equal(3, row.GetProperty("inference_count").GetInt32());
            var success = row.GetProperty("inference_stats").GetProperty("success");
            Assert.Equal(3, success.GetProperty("count").GetInt32());
            Assert.True(success.GetProperty("ns").GetInt64() > 0);
            Assert.Equal(1, row.GetProperty("batch_stats")[0].GetProperty("batch_size").GetInt32());
        }

        using var channel = GrpcChannel.ForAddress(worker.GrpcUrl);
        var response = await new GRPCInferenceService.GRPCInferenceServiceClient(channel).ModelStatisticsAsync(
            new ModelStatisticsRequest { Name = "m" }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(3UL, response.ModelStats.Single().InferenceStats.Success.Count);
    }

    [Theory]
    [InlineData("/v2/models/nobody/stats", HttpStatusCode.NotFound)]
    [InlineData("/v2/models/m/versions/7/stats", HttpStatusCode.NotFound)]
    [InlineData("/v2/models/m:prod/stats", HttpStatusCode.NotImplemented)]
    public async Task Get_WhatHasNone_IsRefused(string path, HttpStatusCode status)
    {
        await using var worker = await RunningWorker.StartAsync();
        await worker.PushAsync("m", OnnxGraphs.Scale(2));

        var (response, body) = await worker.GetAsync(path);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(JsonValueKind.String, body.GetProperty("error").ValueKind);
    }
}
