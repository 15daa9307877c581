using System.Net;
using Serverless.TestKit.Onnx;

namespace Serverless.Worker.Tests.OpenInference;

[Collection(WorkerCollection.Name)]
public sealed class MetadataTests(WorkerFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v2/health/live", """{"live":true}""")]
    [InlineData("/v2/health/ready", """{"ready":true}""")]
    [InlineData("/v2/models/scale/ready", """{"name":"scale","ready":true}""")]
    [InlineData("/v2/models/scale/versions/1/ready", """{"name":"scale","ready":true}""")]
    [InlineData("/v2", """{"name":"serverless-inference","version":"0.1.0","extensions":["binary_tensor_data","model_repository","statistics"]}""")]
    public async Task Get_Endpoint_Answers(string path, string expected)
    {
        var (response, body) = await fixture.Worker.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, body.GetRawText());
    }

    [Fact]
    public async Task GetModel_Known_DescribesIt()
    {
        var (_, body) = await fixture.Worker.GetAsync("/v2/models/scale");

        Assert.Equal("scale", body.GetProperty("name").GetString());
        Assert.Equal("onnx_onnxv1", body.GetProperty("platform").GetString());
        Assert.Equal("""["1"]""", body.GetProperty("versions").GetRawText());
        Assert.Equal("""[{"name":"x","datatype":"FP32","shape":[-1,2]}]""", body.GetProperty("inputs").GetRawText());
        Assert.Equal("""[{"name":"y","datatype":"FP32","shape":[-1,2]}]""", body.GetProperty("outputs").GetRawText());
        Assert.Equal("cpu", body.GetProperty("properties").GetProperty("execution_provider").GetString());
    }

    [Theory]
    [InlineData("/v2/models/nobody")]
    [InlineData("/v2/models/nobody/ready")]
    [InlineData("/v2/models/scale/versions/9")]
    [InlineData("/v2/nothing")]
    [InlineData("/")]
    [InlineData("/v2/models")]
    public async Task Get_WhatDoesNotExist_IsNotFoundInTheProtocolsShape(string path)
    {
        var (response, body) = await fixture.Worker.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.NotEmpty(body.GetProperty("error").GetString()!);
    }

    [Theory]
    [InlineData("GET", "/v2/models/scale/infer", "POST")]
    [InlineData("DELETE", "/v2/models/scale/infer", "POST")]
    [InlineData("POST", "/v2/models/scale", "GET")]
    [InlineData("PUT", "/v2/health/live", "GET")]
    public async Task Send_WrongMethod_Is405WithAllow(string method, string path, string allowed)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await fixture.Worker.Client.SendAsync(request, Token);
        var body = await RunningWorker.ReadAsync(response);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
        Assert.Contains(method, body.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetModel_NewestIsDamaged_ShowsWhichHashFailedAndServesThePrevious()
    {
        await using var worker = await RunningWorker.StartAsync();
        await worker.PushAsync("m", OnnxGraphs.Scale(2));
        await worker.PushAsync("m", OnnxGraphs.Scale(3));
        var hash = (await worker.Store.FindManifestAsync("m", 2, Token))!.Graph.StoredSha256;
        var blob = Path.Combine(worker.StoreFolder, "m", "blobs", hash);
        await File.WriteAllBytesAsync(blob, [.. (await File.ReadAllBytesAsync(blob, Token)).Reverse()], Token);

        var (served, answer) = await worker.PostAsync(
            "/v2/models/m/infer", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""");
        var (_, model) = await worker.GetAsync("/v2/models/m");
        var (broken, error) = await worker.GetAsync("/v2/models/m/versions/2");

        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal("1", answer.GetProperty("model_version").GetString());
        Assert.Equal("[2,4]", answer.GetProperty("outputs")[0].GetProperty("data").GetRawText());
        Assert.Equal("2", model.GetProperty("properties").GetProperty("failed_version").GetString());
        Assert.Contains(hash, model.GetProperty("properties").GetProperty("failed_reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, broken.StatusCode);
        Assert.NotNull(broken.Headers.RetryAfter);
        Assert.Contains(hash, error.GetProperty("error").GetString(), StringComparison.Ordinal);
    }
}
