using System.Net;
using System.Text;

namespace Serverless.EndToEnd.Tests;

[Collection(PlatformCollection.Name)]
public sealed class OperatorTests(PlatformFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/v2/health/live")]
    [InlineData("/v2/health/ready")]
    public async Task Health_WithoutKey_Answers200(string path)
    {
        using var stranger = fixture.CreateStranger();

        using var response = await stranger.GetAsync(path, Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/v1/models")]
    [InlineData("/v2")]
    [InlineData("/v2/models/small")]
    public async Task AnythingElse_WithoutKey_Is401(string path)
    {
        using var stranger = fixture.CreateStranger();

        using var response = await stranger.GetAsync(path, Token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Metrics_OfGatewayAndWorker_CountTheRequest()
    {
        using var client = fixture.CreateClient();
        await client.PostAsync(
            $"/v2/models/{TestModels.Small}/infer", new StringContent(TestModels.SmallRequest, Encoding.UTF8, "application/json"), Token);

        var gateway = await client.GetStringAsync("/metrics", Token);
        using var inside = new HttpClient();
        var worker = await inside.GetStringAsync($"http://127.0.0.1:{fixture.Platform.Options.Ports.WorkerMetrics}/metrics", Token);

        Assert.Matches("serverless_gateway_requests\\{[^}]*api=\"open-inference\"[^}]*\\} [1-9]", gateway);
        Assert.Matches("serverless_inference_requests\\{[^}]*model=\"small\"[^}]*\\} [1-9]", worker);
    }

    [Fact]
    public async Task Tenants_NameWithASlash_IsSetShownAndReset()
    {
        using var client = fixture.CreateClient();
        const string Path = "/v1/admin/tenants/a%2Fb:c%20d";

        using var set = await client.PutAsync(Path, Json("""{"concurrent_batches":3}"""), Token);
        var shown = await client.GetStringAsync(Path, Token);
        using var reset = await client.DeleteAsync(Path, Token);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (set.StatusCode, reset.StatusCode));
        Assert.Contains("\"tenant\":\"a/b:c d\"", shown, StringComparison.Ordinal);
        Assert.Contains("\"concurrent_batches\":3", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("a/b:c d", await client.GetStringAsync("/v1/admin/tenants", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repository_UnloadAndLoad_IsSeenInTheIndex()
    {
        using var client = fixture.CreateClient();
        using var stranger = fixture.CreateStranger();

        using var refused = await stranger.PostAsync("/v2/repository/index", Json("{}"), Token);
        using var unloaded = await client.PostAsync($"/v2/repository/models/{TestModels.Small}/unload", Json(""), Token);
        using var loaded = await client.PostAsync($"/v2/repository/models/{TestModels.Small}/load", Json("{}"), Token);
        using var index = await client.PostAsync("/v2/repository/index", Json("""{"ready":true}"""), Token);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, unloaded.StatusCode);
        Assert.Equal(HttpStatusCode.OK, loaded.StatusCode);
        Assert.Contains(
            $$"""{"name":"{{TestModels.Small}}","version":"1","state":"READY","reason":""}""",
            await index.Content.ReadAsStringAsync(Token),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_OfEveryService_HoldNeitherKeyNorPayload()
    {
        const string Payload = "a sentence that must stay private";
        using var client = fixture.CreateClient();
        using var good = await client.PostAsync("/v1/embeddings", Json($$"""{"model":"minilm","input":"{{Payload}}"}"""), Token);
        using var bad = await client.PostAsync("/v1/embeddings", Json($$"""{"model":"nobody","input":"{{Payload}}"}"""), Token);

        var written = string.Join('\n', fixture.Platform.Services.Values.SelectMany(service => service.Output));

        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.DoesNotContain(Payload, written, StringComparison.Ordinal);
        Assert.DoesNotContain(fixture.Platform.Options.ApiKey, written, StringComparison.Ordinal);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
