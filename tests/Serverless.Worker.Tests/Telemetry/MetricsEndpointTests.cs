using System.Net;

namespace Serverless.Worker.Tests.Telemetry;

[Collection(WorkerCollection.Name)]
public sealed class MetricsEndpointTests(WorkerFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_AfterRequests_CountThemByModelVersionAndOutcome()
    {
        await fixture.Worker.PostAsync("/v2/models/fp64/infer", """{"inputs":[{"name":"x","shape":[1,1],"datatype":"FP64","data":[1]}]}""");
        await fixture.Worker.PostAsync("/v2/models/fp64/infer", "{}");
        await fixture.Worker.PostAsync("/v2/models/nobody-knows/infer", "{}");
        using var client = new HttpClient();

        using var response = await client.GetAsync(fixture.Worker.MetricsUrl, Token);
        var text = await response.Content.ReadAsStringAsync(Token);

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        var samples = PrometheusTextCheck.Parse(text);
        Assert.True(samples["serverless_inference_requests{model=\"fp64\",outcome=\"ok\",version=\"1\"}"] >= 1);
        Assert.True(samples["serverless_inference_requests{model=\"fp64\",outcome=\"invalid_request\",version=\"1\"}"] >= 1);
        Assert.True(samples["serverless_inference_loads{model=\"fp64\",outcome=\"loaded\"}"] >= 1);
        Assert.True(samples["serverless_inference_load_duration_count{model=\"fp64\",stage=\"session\"}"] >= 1);
        Assert.True(samples["serverless_inference_models_loaded"] >= 1);
        Assert.Equal(1, samples["serverless_inference_execution_provider{provider=\"cpu\"}"]);
        Assert.True(samples["process_cpu_seconds_total"] > 0);
        Assert.True(samples["process_resident_memory_bytes"] > 0);
        Assert.Contains(samples.Keys, key => key.StartsWith("dotnet_gc_collections", StringComparison.Ordinal));
        Assert.Contains(samples.Keys, key => key.StartsWith("http_server_request_duration_count", StringComparison.Ordinal));

        // What strangers write into a path must not become a series.
        Assert.DoesNotContain("nobody-knows", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_OnTheApisPort_AreNotServed()
    {
        var (response, _) = await fixture.Worker.GetAsync("/metrics");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
