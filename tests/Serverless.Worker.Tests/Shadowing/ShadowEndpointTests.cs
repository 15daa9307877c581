using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Serverless.Models.Aliases;
using Serverless.TestKit.Onnx;
using Serverless.Worker.Tests.Telemetry;

namespace Serverless.Worker.Tests.Shadowing;

public sealed class ShadowEndpointTests : IAsyncLifetime
{
    // A name of its own: the metrics of a process are those of every worker that tests run in it.
    private const string Model = "shadowed";
    private const string Request = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";
    private const string Path = "/v2/repository/models/shadowed/shadow";

    private RunningWorker _worker = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _worker = await RunningWorker.StartAsync();
        await _worker.PushAsync(Model, OnnxGraphs.Scale(2));
        await _worker.PushAsync(Model, OnnxGraphs.Scale(3));
        await _worker.Store.SetAliasAsync(Model, "prod", 1, null, Token);
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    [Fact]
    public async Task Get_WorseVersionInTheShadow_TellsTheDifferenceAndClientsSeeNothing()
    {
        await _worker.Store.SetShadowAsync(Model, "prod", new AliasShadow(2, 100), Token);

        var (response, answer) = await _worker.PostAsync("/v2/models/shadowed:prod/infer", Request);

        Assert.Equal([2, 4], answer.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(number => number.GetSingle()));
        Assert.Equal("1", response.Headers.GetValues("X-Inference-Version").Single());
        var report = await ReportAsync();
        Assert.Equal((1, 2), (report.GetProperty("version").GetInt32(), report.GetProperty("shadow_version").GetInt32()));
        Assert.Equal(2, report.GetProperty("max_error").GetDouble());
        Assert.Equal(1, report.GetProperty("mean_cosine").GetDouble(), 1e-6);
        using var client = new HttpClient();
        var samples = PrometheusTextCheck.Parse(await client.GetStringAsync(_worker.MetricsUrl, Token));
        Assert.Equal(1, samples["serverless_inference_shadow_requests{model=\"shadowed\",outcome=\"compared\",version=\"2\"}"]);
        Assert.Equal(1, samples["serverless_inference_shadow_error_count{model=\"shadowed\",version=\"2\"}"]);
        Assert.Equal(1, samples["serverless_inference_requests{model=\"shadowed\",outcome=\"ok\",version=\"1\"}"]);
        Assert.DoesNotContain("serverless_inference_requests{model=\"shadowed\",outcome=\"ok\",version=\"2\"}", samples.Keys);
    }

    [Fact]
    public async Task Get_NoShadow_TellsOfNone()
    {
        await _worker.PostAsync("/v2/models/shadowed:prod/infer", Request);

        var (response, body) = await _worker.GetAsync(Path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, body.GetProperty("shadows").GetArrayLength());
    }

    [Theory]
    [InlineData("/v2/repository/models/nobody/shadow", HttpStatusCode.NotFound)]
    [InlineData("/v2/repository/models/shadowed:prod/shadow", HttpStatusCode.BadRequest)]
    public async Task Get_WhatHasNone_IsRefused(string path, HttpStatusCode status)
    {
        var (response, _) = await _worker.GetAsync(path);

        Assert.Equal(status, response.StatusCode);
    }

    private async Task<JsonElement> ReportAsync()
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var (_, body) = await _worker.GetAsync(Path);
            var report = Assert.Single(body.GetProperty("shadows").EnumerateArray());
            if (report.GetProperty("compared").GetInt32() > 0)
                return report;
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), report.GetRawText());
            await Task.Delay(20, Token);
        }
    }
}
