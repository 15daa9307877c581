using System.Text;
using System.Text.Json;

namespace Serverless.EndToEnd.Tests;

/// <summary>What strangers and mistaken programs send, through the whole platform: the right status, in the protocol's shape, naming the fault.</summary>
[Collection(PlatformCollection.Name)]
public sealed class BadInputTests(PlatformFixture fixture)
{
    private const string Infer = "/v2/models/small/infer";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v2/models/nobody/infer", "{}", 404, "nobody")]
    [InlineData("/v2/models/Bad%20Name/infer", "{}", 404, "Bad Name")]
    [InlineData("/v2/models/small/versions/99/infer", "{}", 404, "99")]
    [InlineData("/v2/models/small/versions/latest/infer", "{}", 404, "latest")]
    [InlineData(Infer, """{"inputs":[{"name":"y","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""", 400, "y")]
    [InlineData(Infer, """{"inputs":[]}""", 400, "x")]
    [InlineData(Infer, """{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""", 400, "shape")]
    [InlineData(Infer, """{"inputs":[{"name":"x","shape":[2],"datatype":"FP32","data":[1,2]}]}""", 400, "shape")]
    [InlineData(Infer, """{"inputs":[{"name":"x","shape":[-1,2],"datatype":"FP32","data":[1,2]}]}""", 400, "shape")]
    [InlineData(Infer, """{"inputs":[{"name":"x","shape":[1,2],"datatype":"INT64","data":[1,2]}]}""", 400, "FP32")]
    [InlineData(Infer, """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FLOAT","data":[1,2]}]}""", 400, "FLOAT")]
    [InlineData(Infer, """{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1,2],[3]]}]}""", 400, "x")]
    [InlineData(Infer, """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1]}]}""", 400, "x")]
    [InlineData(Infer, """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2,3]}]}""", 400, "x")]
    [InlineData(Infer, """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[NaN,2]}]}""", 400, "JSON")]
    [InlineData(Infer, """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":["NaN",2]}]}""", 400, "x")]
    [InlineData(Infer, """{"inputs":[{"name":"x","shape":[1,2],""", 400, "JSON")]
    [InlineData(Infer, "", 400, "")]
    [InlineData(Infer, """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}],"outputs":[{"name":"nope"}]}""", 400, "nope")]
    [InlineData("/v1/embeddings", """{"model":"nobody","input":"a"}""", 404, "nobody")]
    [InlineData("/v1/embeddings", """{"model":"minilm","input":""}""", 400, "input")]
    [InlineData("/v1/embeddings", """{"model":"small","input":"a"}""", 400, "small")]
    [InlineData("/v1/embeddings", """{"input":"a"}""", 400, "model")]
    [InlineData("/v1/nothing", "{}", 404, "")]
    public async Task Post_BadRequest_IsRefusedNamingTheFault(string path, string body, int status, string named)
    {
        using var client = fixture.CreateClient();

        using var response = await client.PostAsync(path, Json(body), Token);

        await AssertErrorAsync(response, path, status, named);
    }

    [Fact]
    public async Task Post_Json64Deep_IsRefused()
    {
        var data = new string('[', 64) + "1" + new string(']', 64);
        using var client = fixture.CreateClient();

        using var response = await client.PostAsync(
            Infer, Json("{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":" + data + "}]}"), Token);

        await AssertErrorAsync(response, Infer, 400, "");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_BodyOver512MiB_Is413NamingTheLimit(bool chunked)
    {
        using var client = fixture.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, Infer) { Content = new PaddedContent("{", 512L << 20, "}") };
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await client.SendAsync(request, Token);

        await AssertErrorAsync(response, Infer, 413, "536870912");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    public async Task Post_MissingOrWrongKey_Is401InTheProtocolsShape(string? authorization)
    {
        foreach (var path in new[] { Infer, "/v1/embeddings" })
        {
            using var client = fixture.CreateStranger();
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(TestModels.SmallRequest) };
            if (authorization is not null)
                request.Headers.TryAddWithoutValidation("Authorization", authorization);

            using var response = await client.SendAsync(request, Token);

            await AssertErrorAsync(response, path, 401, "key");
        }
    }

    [Theory]
    [InlineData("DELETE", Infer, "POST")]
    [InlineData("GET", Infer, "POST")]
    [InlineData("PUT", "/v1/embeddings", "POST")]
    [InlineData("POST", "/v1/models", "GET")]
    public async Task Send_WrongMethod_Is405WithAllow(string method, string path, string allowed)
    {
        using var client = fixture.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await client.SendAsync(request, Token);

        await AssertErrorAsync(response, path, 405, method);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
    }

    private static async Task AssertErrorAsync(HttpResponseMessage response, string path, int status, string named)
    {
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var body = JsonDocument.Parse(text);
        var error = body.RootElement.GetProperty("error");
        if (path.StartsWith("/v1", StringComparison.Ordinal))
        {
            Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(property => property.Name));
            error = error.GetProperty("message");
        }

        Assert.Contains(named, error.GetString(), StringComparison.Ordinal);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}
