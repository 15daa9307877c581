using System.Net;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Serverless.Worker.Tests.OpenAi;

public sealed class EmbeddingsTests(MiniLmWorkerFixture fixture) : IClassFixture<MiniLmWorkerFixture>
{
    private const string Path = "/v1/embeddings";

    [Fact]
    public async Task Embed_KnownSentences_AreAsAlikeAsPublished()
    {
        var (response, body) = await PostAsync(
            """{"model":"minilm","input":["That is a happy person","That is a happy dog","That is a very happy person","Today is a sunny day"]}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("list", body.GetProperty("object").GetString());
        Assert.Equal("minilm", body.GetProperty("model").GetString());
        Assert.Equal("""{"prompt_tokens":29,"total_tokens":29}""", body.GetProperty("usage").GetRawText());
        var data = body.GetProperty("data").EnumerateArray().ToList();
        Assert.Equal([0, 1, 2, 3], data.Select(item => item.GetProperty("index").GetInt32()));
        Assert.All(data, item => Assert.Equal("embedding", item.GetProperty("object").GetString()));
        var vectors = data.Select(Floats).ToList();
        var cosines = vectors.Skip(1).Select(vector => (double)TensorPrimitives.Dot<float>(vectors[0], vector)).ToList();
        Assert.Equal(0.69458, cosines[0], 1e-3);
        Assert.Equal(0.94292, cosines[1], 1e-3);
        Assert.Equal(0.25688, cosines[2], 1e-3);
        Assert.Contains("run;dur=", response.Headers.GetValues("Server-Timing").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embed_EveryFormOfInput_GivesTheSameVector()
    {
        string[] inputs =
        [
            "\"That is a happy person\"", "[\"That is a happy person\"]",
            "[101,2008,2003,1037,3407,2711,102]", "[[101,2008,2003,1037,3407,2711,102]]",
        ];
        var vectors = new List<float[]>();
        foreach (var input in inputs)
        {
            var (_, body) = await PostAsync($$"""{"model":"minilm:1","input":{{input}},"user":"somebody","encoding_format":"float"}""");
            vectors.Add(Floats(body.GetProperty("data")[0]));
        }

        Assert.All(vectors, vector => Assert.Equal(vectors[0], vector));
    }

    [Fact]
    public async Task Embed_Base64_IsTheFloatsLittleEndian()
    {
        var (_, floats) = await PostAsync("""{"model":"minilm","input":"a sunny day"}""");
        var (_, base64) = await PostAsync("""{"model":"minilm","input":"a sunny day","encoding_format":"base64","dimensions":null}""");

        var bytes = base64.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64();
        Assert.Equal(Floats(floats.GetProperty("data")[0]), MemoryMarshal.Cast<byte, float>(bytes).ToArray());
    }

    [Fact]
    public async Task Embed_2048Inputs_AreAllAnsweredInOrder()
    {
        var inputs = string.Join(',', Enumerable.Range(0, 2048).Select(index => $"\"{index % 10}\""));

        var (response, body) = await PostAsync($$"""{"model":"minilm","input":[{{inputs}}],"encoding_format":"base64"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var data = body.GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(0, 2048), data.Select(item => item.GetProperty("index").GetInt32()));
        Assert.Equal(10, data.Select(item => Rounded(item.GetProperty("embedding").GetBytesFromBase64())).Distinct().Count());

        // Rows of other batches differ in the last bits.
        static string Rounded(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes)[0].ToString("0.0000", null);
    }

    [Theory]
    [InlineData("", 400, null, "empty")]
    [InlineData("{", 400, null, "JSON")]
    [InlineData("[]", 400, null, "must be an object")]
    [InlineData("""{"input":"a"}""", 400, "model", "model is missing")]
    [InlineData("""{"model":"minilm"}""", 400, "input", "input is missing")]
    [InlineData("""{"model":7,"input":"a"}""", 400, "model", "model must be a string")]
    [InlineData("""{"model":"nobody","input":"a"}""", 404, "model", "nobody")]
    [InlineData("""{"model":"minilm:9","input":"a"}""", 404, "model", "9")]
    [InlineData("""{"model":"minilm:live","input":"a"}""", 404, "model", "live")]
    [InlineData("""{"model":"Mini LM","input":"a"}""", 404, "model", "Mini LM")]
    [InlineData("""{"model":"scale","input":"a"}""", 400, "model", "text-embedding")]
    [InlineData("""{"model":"minilm","input":""}""", 400, "input", "empty string")]
    [InlineData("""{"model":"minilm","input":["a",""]}""", 400, "input[1]", "empty string")]
    [InlineData("""{"model":"minilm","input":[]}""", 400, "input", "empty array")]
    [InlineData("""{"model":"minilm","input":[[]]}""", 400, "input[0]", "no tokens")]
    [InlineData("""{"model":"minilm","input":null}""", 400, "input", "null")]
    [InlineData("""{"model":"minilm","input":{"a":1}}""", 400, "input", "an object")]
    [InlineData("""{"model":"minilm","input":["a",1]}""", 400, "input", "input[1] is a number")]
    [InlineData("""{"model":"minilm","input":["a",[1]]}""", 400, "input", "input[1] is an array")]
    [InlineData("""{"model":"minilm","input":[1,"a"]}""", 400, "input", "token id")]
    [InlineData("""{"model":"minilm","input":[1.5]}""", 400, "input", "token id")]
    [InlineData("""{"model":"minilm","input":[30522]}""", 400, "input", "0 to 30521")]
    [InlineData("""{"model":"minilm","input":"\ud800"}""", 400, "input", "surrogate")]
    [InlineData("""{"model":"minilm","input":"a","encoding_format":"int8"}""", 400, "encoding_format", "float or base64")]
    [InlineData("""{"model":"minilm","input":"a","dimensions":64}""", 400, "dimensions", "not supported")]
    public async Task Embed_BadRequest_IsRefusedInTheApisShape(string request, int status, string? param, string fault)
    {
        var (response, body) = await PostAsync(request);

        AssertError(response, body, status, param, fault);
    }

    [Fact]
    public async Task Embed_513Tokens_IsRefusedSayingSo()
    {
        var text = string.Join(' ', Enumerable.Repeat("happy", 511));

        var (response, body) = await PostAsync($$"""{"model":"minilm","input":["short","{{text}}"]}""");

        AssertError(response, body, 400, "input[1]", "513 tokens; the model takes at most 512");
    }

    [Fact]
    public async Task Embed_2049Inputs_IsRefused()
    {
        var (response, body) = await PostAsync($$"""{"model":"minilm","input":[{{string.Join(',', Enumerable.Repeat("\"a\"", 2049))}}]}""");

        AssertError(response, body, 400, "input", "2048");
    }

    [Fact]
    public async Task Models_Listed_AreThoseOfTheStore()
    {
        var (_, list) = await fixture.Worker.GetAsync("/v1/models");
        var (_, one) = await fixture.Worker.GetAsync("/v1/models/minilm");
        var (_, version) = await fixture.Worker.GetAsync("/v1/models/minilm:1");
        var (missing, error) = await fixture.Worker.GetAsync("/v1/models/nobody");

        Assert.Equal("list", list.GetProperty("object").GetString());
        Assert.Equal(["minilm", "scale"], list.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()));
        Assert.Equal(["id", "object", "created", "owned_by"], one.EnumerateObject().Select(property => property.Name));
        Assert.Equal("model", one.GetProperty("object").GetString());
        Assert.True(one.GetProperty("created").GetInt64() > 1_700_000_000);
        Assert.Equal("minilm:1", version.GetProperty("id").GetString());
        AssertError(missing, error, 404, "model", "nobody");
    }

    [Fact]
    public async Task Alias_PointedToAVersion_IsFoundAndServed()
    {
        await fixture.Worker.Store.SetAliasAsync("minilm", "prod", 1, null, TestContext.Current.CancellationToken);

        var (_, model) = await fixture.Worker.GetAsync("/v1/models/minilm:prod");
        var (_, answer) = await PostAsync("""{"model":"minilm:prod","input":"hello"}""");
        var (missing, error) = await fixture.Worker.GetAsync("/v1/models/minilm:canary");

        Assert.Equal("minilm:prod", model.GetProperty("id").GetString());
        Assert.Equal(384, Floats(answer.GetProperty("data")[0]).Length);
        AssertError(missing, error, 404, "model", "canary");
    }

    [Fact]
    public async Task Send_WrongPathOrMethod_IsInTheApisShape()
    {
        var (missing, missingError) = await fixture.Worker.GetAsync("/v1/nothing");
        var (wrong, wrongError) = await fixture.Worker.GetAsync(Path);

        AssertError(missing, missingError, 404, null, "/v1/nothing");
        AssertError(wrong, wrongError, 405, null, "POST");
    }

    private Task<(HttpResponseMessage Response, JsonElement Body)> PostAsync(string json) => fixture.Worker.PostAsync(Path, json);

    private static void AssertError(HttpResponseMessage response, JsonElement body, int status, string? param, string fault)
    {
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {body}");
        var error = body.GetProperty("error");
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(property => property.Name));
        Assert.Contains(fault, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
    }

    private static float[] Floats(JsonElement item) =>
        [.. item.GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle())];
}
