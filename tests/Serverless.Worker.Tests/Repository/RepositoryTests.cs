using System.Net;
using System.Text;
using System.Text.Json;
using Serverless.TestKit.Onnx;

namespace Serverless.Worker.Tests.Repository;

/// <summary>The model repository extension over the real server.</summary>
public sealed class RepositoryTests : IAsyncLifetime
{
    private const string Index = "/v2/repository/index";
    private const string Request = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";

    private RunningWorker _worker = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _worker = await RunningWorker.StartAsync();
        await _worker.PushAsync("a", OnnxGraphs.Scale(2));
        await _worker.PushAsync("b", OnnxGraphs.Scale(3));
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    [Fact]
    public async Task Index_BeforeAndAfterALoad_TellsWhatIsReady()
    {
        Assert.Equal(["a:1 UNAVAILABLE", "b:1 UNAVAILABLE"], await IndexAsync("{}"));
        Assert.Empty(await IndexAsync("""{"ready":true}"""));

        Assert.Equal((HttpStatusCode.OK, ""), await SendAsync("/v2/repository/models/a/load"));

        Assert.Equal(["a:1 READY", "b:1 UNAVAILABLE"], await IndexAsync(""));
        Assert.Equal(["a:1 READY"], await IndexAsync("""{"ready":true}"""));
    }

    [Fact]
    public async Task Load_OneThatIsLoaded_TakesTheNewestVersion()
    {
        await SendAsync("/v2/repository/models/a/load");
        await _worker.PushAsync("a", OnnxGraphs.Scale(5));

        await SendAsync("/v2/repository/models/a/load", "{}");
        var (_, answer) = await _worker.PostAsync("/v2/models/a/infer", Request);

        Assert.Equal("2", answer.GetProperty("model_version").GetString());
        Assert.Equal("[5,10]", answer.GetProperty("outputs")[0].GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Unload_Loaded_GoesAndComesBackWithTheNextRequest()
    {
        await SendAsync("/v2/repository/models/a/load");

        var (status, body) = await SendAsync("/v2/repository/models/a/unload", """{"parameters":{"unload_dependents":false}}""");

        Assert.Equal((HttpStatusCode.OK, ""), (status, body));
        while ((await IndexAsync(""))[0] != "a:1 UNAVAILABLE")
            await Task.Delay(5, Token);
        var (response, _) = await _worker.PostAsync("/v2/models/a/infer", Request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("a:1 READY", (await IndexAsync(""))[0]);
    }

    [Fact]
    public async Task Unload_NotLoaded_IsFine() =>
        Assert.Equal((HttpStatusCode.OK, ""), await SendAsync("/v2/repository/models/b/unload"));

    [Fact]
    public async Task Index_DamagedVersion_IsUnavailableSayingWhy()
    {
        var hash = (await _worker.Store.FindManifestAsync("a", 1, Token))!.Graph.StoredSha256;
        File.Delete(Path.Combine(_worker.StoreFolder, "a", "blobs", hash));

        var (status, _) = await SendAsync("/v2/repository/models/a/load");
        var (_, index) = await _worker.PostAsync(Index, "{}");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("UNAVAILABLE", index[0].GetProperty("state").GetString());
        Assert.Contains(hash, index[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("index", """{"ready":1}""", 400, "ready must be a boolean")]
    [InlineData("index", "[]", 400, "must be an object")]
    [InlineData("index", "{", 400, "not valid JSON")]
    [InlineData("models/a/load", """{"parameters":{"config":1}}""", 400, "parameters.config must be a string")]
    [InlineData("models/a/load", """{"parameters":{"config":"{}"}}""", 501, "push a version instead")]
    [InlineData("models/a/load", """{"parameters":[]}""", 400, "parameters must be an object")]
    [InlineData("models/a/unload", """{"parameters":{"unload_dependents":"yes"}}""", 400, "unload_dependents must be a boolean")]
    [InlineData("models/nobody/load", "{}", 404, "nobody")]
    [InlineData("models/nobody/unload", "{}", 404, "nobody")]
    [InlineData("models/a:9/load", "{}", 404, "9")]
    [InlineData("models/a:prod/load", "{}", 404, "prod")]
    [InlineData("models/A B/load", "{}", 404, "names match")]
    public async Task Send_WhatCannotBe_IsRefusedSayingWhy(string path, string body, int status, string why)
    {
        var (response, error) = await _worker.PostAsync($"/v2/repository/{path}", body);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(why, error.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(string path, string body = "")
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _worker.Client.PostAsync(path, content, Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }

    private async Task<List<string>> IndexAsync(string body)
    {
        var (status, text) = await SendAsync(Index, body);
        Assert.Equal(HttpStatusCode.OK, status);
        using var rows = JsonDocument.Parse(text);
        return [.. rows.RootElement.EnumerateArray().Select(row => $"{Text(row, "name")}:{Text(row, "version")} {Text(row, "state")}")];
    }

    private static string? Text(JsonElement row, string property) => row.GetProperty(property).GetString();
}
