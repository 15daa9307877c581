using System.Net;
using System.Text;
using System.Text.Json;

namespace Serverless.EndToEnd.Tests;

/// <summary>Requests that are answered later, over HTTP through the whole platform.</summary>
[Collection(PlatformCollection.Name)]
public sealed class AsyncTests(PlatformFixture fixture)
{
    private const string Infer = $"/v2/models/{TestModels.Small}/infer";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/async" + Infer, false)]
    [InlineData(Infer, true)]
    public async Task Post_Async_IsAcceptedAndAnsweredLater(string path, bool preferred)
    {
        using var client = fixture.CreateClient();

        using var accepted = await SendAsync(client, path, TestModels.SmallRequest, preferred);
        var location = accepted.Headers.Location;
        var ended = await EndAsync(client, location);

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.NotNull(accepted.Headers.RetryAfter);
        Assert.Equal(location!.ToString(), Assert.Single(accepted.Headers.GetValues("Operation-Location")));
        Assert.Equal("succeeded", ended.GetProperty("status").GetString());
        var data = ended.GetProperty("result").GetProperty("response").GetProperty("outputs")[0].GetProperty("data");
        Assert.Equal(TestModels.SmallAnswer, data.EnumerateArray().Select(value => value.GetSingle()));
    }

    [Fact]
    public async Task Post_LargerThanAMessage_GoesByAClaimCheck()
    {
        using var client = fixture.CreateClient();

        using var accepted = await SendAsync(client, "/v1/async" + Infer, TestModels.SmallRequest + new string(' ', 300_000));
        using var padded = await SendAsync(
            client, "/v1/async" + Infer, TestModels.SmallRequest.Insert(1, "\"id\":\"" + new string('x', 200_000) + "\","));

        Assert.Equal("succeeded", (await EndAsync(client, accepted.Headers.Location)).GetProperty("status").GetString());
        Assert.NotEqual("queued", (await EndAsync(client, padded.Headers.Location)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Post_EngineRefuses_FailsWithItsError()
    {
        using var client = fixture.CreateClient();

        using var accepted = await SendAsync(client, "/v1/async/v2/models/nobody/infer", "{}");
        var ended = await EndAsync(client, accepted.Headers.Location);

        Assert.Equal("failed", ended.GetProperty("status").GetString());
        Assert.Equal(404, ended.GetProperty("result").GetProperty("status").GetInt32());
        Assert.Contains("nobody", ended.GetProperty("result").GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_SameIdempotencyKey_IsTheSameOperation()
    {
        using var client = fixture.CreateClient();

        using var first = await SendAsync(client, "/v1/async" + Infer, TestModels.SmallRequest, key: "again");
        using var second = await SendAsync(client, "/v1/async" + Infer, TestModels.SmallRequest, key: "again");
        using var other = await SendAsync(client, "/v1/async" + Infer, "{}", key: "again");

        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
    }

    [Theory]
    [InlineData("/v1/async/models", "{}", 404)]
    [InlineData("/v1/async" + Infer, "{", 400)]
    public async Task Post_WhatCannotBeTaken_IsRefused(string path, string body, int status)
    {
        using var client = fixture.CreateClient();

        using var response = await SendAsync(client, path, body);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Delete_Operation_EndsItWithOneOutcome()
    {
        using var client = fixture.CreateClient();
        using var accepted = await SendAsync(client, "/v1/async" + Infer, TestModels.SmallRequest);

        using var cancelled = await client.DeleteAsync(accepted.Headers.Location, Token);
        var ended = await EndAsync(client, accepted.Headers.Location);

        Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
        Assert.Contains(ended.GetProperty("status").GetString(), new[] { "cancelled", "succeeded" });
        Assert.Equal(ended.GetRawText(), (await EndAsync(client, accepted.Headers.Location)).GetRawText());
    }

    [Fact]
    public async Task Get_SomebodyElsesOrNoOperation_Is404()
    {
        using var client = fixture.CreateClient();

        using var response = await client.GetAsync(new Uri("/v1/async/operations/op_0123", UriKind.Relative), Token);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, string path, string body, bool preferred = false, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (preferred)
            request.Headers.Add("Prefer", "respond-async");
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request, Token);
    }

    private static async Task<JsonElement> EndAsync(HttpClient client, Uri? location) => (await Wait.ForAsync(
        async () =>
        {
            var document = JsonDocument.Parse(await client.GetStringAsync(location, Token));
            return document.RootElement.GetProperty("status").GetString() == "queued" ? null : document;
        },
        "The operation's end")).RootElement;
}
