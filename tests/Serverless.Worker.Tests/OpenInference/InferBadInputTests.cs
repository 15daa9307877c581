using System.Net;
using System.Text;

namespace Serverless.Worker.Tests.OpenInference;

/// <summary>What strangers and mistaken programs send: a status, the protocol's shape, and a message that names the fault.</summary>
[Collection(WorkerCollection.Name)]
public sealed class InferBadInputTests(WorkerFixture fixture)
{
    private const string Scale = "/v2/models/scale/infer";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Each row: the input object of a request to `scale` (FP32 [-1,2] → FP32 [-1,2]), and what the message must say.
    [Theory]
    [InlineData("""{"name":"z","shape":[1,2],"datatype":"FP32","data":[1,2]}""", "no input 'z'; it takes 'x'")]
    [InlineData("""{"shape":[1,2],"datatype":"FP32","data":[1,2]}""", "inputs[0] has no name")]
    [InlineData("""{"name":7,"shape":[1,2],"datatype":"FP32","data":[1,2]}""", "inputs[0].name must be a string, not a number")]
    [InlineData("""{"name":"\ud800","shape":[1,2],"datatype":"FP32","data":[1,2]}""", "surrogate")]
    [InlineData("""{"name":"x","datatype":"FP32","data":[1,2]}""", "no shape; the model wants [-1,2]")]
    [InlineData("""{"name":"x","shape":[1,2],"data":[1,2]}""", "no datatype; the model wants FP32")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"FP32"}""", "no data")]
    [InlineData("""{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}""", "has shape [1,3]; the model wants [-1,2] (-1 takes any size)")]
    [InlineData("""{"name":"x","shape":[2],"datatype":"FP32","data":[1,2]}""", "has shape [2]; the model wants [-1,2]")]
    [InlineData("""{"name":"x","shape":[1,1,2],"datatype":"FP32","data":[1,2]}""", "the model wants [-1,2]")]
    [InlineData("""{"name":"x","shape":[-1,2],"datatype":"FP32","data":[1,2]}""", "cannot be negative")]
    [InlineData("""{"name":"x","shape":[4611686018427387904,2],"datatype":"FP32","data":[1,2]}""", "overflow")]
    [InlineData("""{"name":"x","shape":[9223372036854775808,2],"datatype":"FP32","data":[1,2]}""", "shape[0] is not a whole number of 64 bits")]
    [InlineData("""{"name":"x","shape":[1000000000000,2],"datatype":"FP32","data":[1,2]}""", "takes 2000000000000 elements, but data has 2")]
    [InlineData("""{"name":"x","shape":[1.5,2],"datatype":"FP32","data":[1,2]}""", "shape[0] is not a whole number")]
    [InlineData("""{"name":"x","shape":["1",2],"datatype":"FP32","data":[1,2]}""", "shape[0] is not a whole number")]
    [InlineData("""{"name":"x","shape":2,"datatype":"FP32","data":[1,2]}""", "inputs[0].shape must be an array, not a number")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"INT64","data":[1,2]}""", "has datatype INT64; the model wants FP32")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"fp32","data":[1,2]}""", "unknown datatype 'fp32'; the model wants FP32")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":32,"data":[1,2]}""", "datatype must be a string")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"FP32","data":[1]}""", "takes 2 elements, but data has 1")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"FP32","data":[]}""", "takes 2 elements, but data has 0")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2,3]}""", "takes 2 elements, but data has 3")]
    [InlineData("""{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1,2],[3]]}""", "nested")]
    [InlineData("""{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1,2,3],[4]]}""", "nested")]
    [InlineData("""{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1,2],3,4]}""", "nested")]
    [InlineData("""{"name":"x","shape":[2,2],"datatype":"FP32","data":[1,2,[3,4]]}""", "nested")]
    [InlineData("""{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1,2],[3,4],[5,6]]}""", "nested")]
    [InlineData("""{"name":"x","shape":[2,2],"datatype":"FP32","data":[[[1,2],[3,4]]]}""", "nested")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"FP32","data":5}""", "must be an array, not a number")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"FP32","data":"1,2"}""", "must be an array, not a string")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"FP32","data":null}""", "must be an array, not null")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"FP32","data":{"0":1}}""", "must be an array, not an object")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,{"a":2}]}""", "Element 1 of input 'x' is an object, which FP32 does not take")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,null]}""", "Element 1 of input 'x' is null")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,true]}""", "Element 1 of input 'x' is a boolean")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"FP32","data":["NaN",1]}""", "Element 0 of input 'x' is a string, which FP32 does not take")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,1e39]}""", "Element 1 of input 'x' is outside the range of FP32")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"FP32","data":[NaN,1]}""", "not valid JSON")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"FP32","data":[Infinity,1]}""", "not valid JSON")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"FP32","data":[01,1]}""", "not valid JSON")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2,]}""", "not valid JSON")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"FP32","parameters":[],"data":[1,2]}""", "parameters must be an object")]
    [InlineData("""{"name":"x","shape":[1,2],"datatype":"FP32","parameters":{"a":[1]},"data":[1,2]}""", "strings, numbers or booleans")]
    [InlineData("3", "inputs[0] must be an object, not a number")]
    public async Task Infer_BadInput_IsRefusedNamingTheFault(string input, string fault) =>
        await AssertRefusedAsync(Scale, $$"""{"inputs":[{{input}}]}""", HttpStatusCode.BadRequest, fault);

    [Theory]
    [InlineData("int32", "INT32", "2147483648", "Element 0 of input 'x' is not a whole number in the range of INT32")]
    [InlineData("int8", "INT8", "-129", "range of INT8")]
    [InlineData("uint8", "UINT8", "-1", "range of UINT8")]
    [InlineData("uint64", "UINT64", "18446744073709551616", "range of UINT64")]
    [InlineData("int64", "INT64", "1.5", "not a whole number")]
    [InlineData("int64", "INT64", "1.0", "not a whole number")]
    [InlineData("int64", "INT64", "\"1\"", "is a string, which INT64 does not take")]
    [InlineData("bool", "BOOL", "1", "is a number, which BOOL does not take")]
    [InlineData("fp64", "FP64", "1e999", "outside the range of FP64")]
    [InlineData("bytes", "BYTES", "1", "is a number, which BYTES does not take")]
    [InlineData("bytes", "BYTES", "\"\\udc00\"", "surrogate")]
    [InlineData("half", "FP16", "1", "FP16, which has no JSON form")]
    public async Task Infer_ElementThatDoesNotFit_IsRefused(string model, string datatype, string element, string fault) =>
        await AssertRefusedAsync(
        $"/v2/models/{model}/infer",
        $$"""{"inputs":[{"name":"x","shape":[1,1],"datatype":"{{datatype}}","data":[{{element}}]}]}""", HttpStatusCode.BadRequest, fault);

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" ", "not valid JSON")]
    [InlineData("[]", "must be an object, not an array")]
    [InlineData("null", "must be an object, not null")]
    [InlineData("{}", "inputs is missing")]
    [InlineData("""{"inputs":{}}""", "inputs must be an array, not an object")]
    [InlineData("""{"inputs":[]}""", "The input 'a' is missing; the model takes 'a', 'b'")]
    [InlineData("""{"inputs":[{"name":"b","shape":[1],"datatype":"FP32","data":[1]}]}""", "The input 'a' is missing")]
    [InlineData("""{"inputs":[{"name":"b","shape":[1],"datatype":"FP32","data":[1]},{"name":"b","shape":[1],"datatype":"FP32","data":[1]}]}""", "'b' is there twice")]
    [InlineData("""{"inputs":[],"inputs":[]}""", "inputs is there twice")]
    [InlineData("""{"id":7,"inputs":[]}""", "id must be a string")]
    [InlineData("""{"inputs":[],"outputs":{}}""", "outputs must be an array")]
    [InlineData("""{"inputs":[],"outputs":[7]}""", "outputs[0] must be an object")]
    [InlineData("""{"inputs":[],"outputs":[{}]}""", "outputs[0] has no name")]
    [InlineData("""{"inputs":[],"parameters":{"a":null}}""", "parameters holds null")]
    [InlineData("""{"inputs":[{"name":"a","shape":[1],"datatype":"FP32","data":[1""", "not valid JSON")]
    [InlineData("""{"inputs":[{"name":"a","shape":[1],"datatype":"FP32","data":[1]}]""", "not valid JSON")]
    [InlineData("""{"inputs":[]} {}""", "not valid JSON")]
    [InlineData("""{"inputs":[],}""", "not valid JSON")]
    [InlineData("""{'inputs':[]}""", "not valid JSON")]
    [InlineData("""{"inputs":[]/*comment*/}""", "not valid JSON")]
    public async Task Infer_BadRequest_IsRefusedNamingTheFault(string body, string fault) =>
        await AssertRefusedAsync("/v2/models/add/infer", body, HttpStatusCode.BadRequest, fault);

    [Theory]
    [InlineData("""[{"name":"nope"}]""", "no output 'nope'; it has 'y'")]
    [InlineData("""[{"name":"y"},{"name":"y"}]""", "'y' is requested twice")]
    public async Task Infer_BadOutputs_AreRefused(string outputs, string fault) => await AssertRefusedAsync(
        Scale,
        $$"""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}],"outputs":{{outputs}}}""", HttpStatusCode.BadRequest, fault);

    [Theory]
    [InlineData("nobody", HttpStatusCode.NotFound, "nobody")]
    [InlineData("Bad%20Name", HttpStatusCode.NotFound, "Bad Name")]
    [InlineData("a%2Fb", HttpStatusCode.NotFound, "[a-z0-9]")]
    [InlineData("scale/versions/99", HttpStatusCode.NotFound, "99")]
    [InlineData("scale/versions/0", HttpStatusCode.NotFound, "'0'")]
    [InlineData("scale/versions/latest", HttpStatusCode.NotFound, "'latest'")]
    [InlineData("scale/versions/99999999999", HttpStatusCode.NotFound, "99999999999")]
    public async Task Infer_ModelThatDoesNotExist_IsNotFound(string model, HttpStatusCode status, string fault) =>
        await AssertRefusedAsync($"/v2/models/{model}/infer", "{}", status, fault);

    [Fact]
    public async Task Infer_DataThatTheGraphCannotTake_IsRefused()
    {
        await AssertRefusedAsync(
            "/v2/models/lookup/infer", """{"inputs":[{"name":"index","shape":[1],"datatype":"INT64","data":[99]}]}""",
            HttpStatusCode.BadRequest, "cannot run on these inputs");
        await AssertRefusedAsync(
            "/v2/models/add/infer",
            """{"inputs":[{"name":"a","shape":[2],"datatype":"FP32","data":[1,2]},{"name":"b","shape":[3],"datatype":"FP32","data":[1,2,3]}]}""",
            HttpStatusCode.BadRequest, "cannot run on these inputs");
    }

    [Theory]
    [InlineData(64)]
    [InlineData(100_000)]
    public async Task Infer_DeepJson_IsRefused(int depth)
    {
        var deep = new string('[', depth) + "1" + new string(']', depth);

        await AssertRefusedAsync(
            Scale, $$"""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":{{deep}}}]}""", HttpStatusCode.BadRequest, "64");
    }

    [Fact]
    public async Task Infer_ShapeOfManyDimensions_IsRefused() => await AssertRefusedAsync(
        Scale,
        $$"""{"inputs":[{"name":"x","shape":[{{string.Join(',', Enumerable.Repeat("1", 33))}}],"datatype":"FP32","data":[1]}]}""",
        HttpStatusCode.BadRequest, "more than 32 dimensions");

    [Fact]
    public async Task Infer_NotUtf8_IsRefused()
    {
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes("""{"inputs":[{"name":"ü"}]}"""));
        content.Headers.ContentType = new("application/json");

        await AssertRefusedAsync(Scale, content, HttpStatusCode.BadRequest, "UTF-8");
    }

    [Theory]
    [InlineData("text/plain", null, HttpStatusCode.UnsupportedMediaType, "Content-Type")]
    [InlineData("application/octet-stream", null, HttpStatusCode.UnsupportedMediaType, "Content-Type")]
    [InlineData("application/json; charset=latin1", null, HttpStatusCode.UnsupportedMediaType, "charset")]
    [InlineData("application/json", "br", HttpStatusCode.UnsupportedMediaType, "Content-Encoding")]
    [InlineData("application/json", "gzip", HttpStatusCode.BadRequest, "cannot be decompressed")]
    [InlineData("application/json", "deflate", HttpStatusCode.BadRequest, "cannot be decompressed")]
    public async Task Infer_OtherContent_IsUnsupported(string type, string? encoding, HttpStatusCode status, string fault)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);

        await AssertRefusedAsync(Scale, content, status, fault);
    }

    [Theory]
    [InlineData("""{"inputs":[],"outputs":[{"name":"y","parameters":{"classification":2}}]}""", "Classification")]
    [InlineData("""{"inputs":[],"parameters":{"sequence_id":5}}""", "Sequences")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","parameters":{"shared_memory_region":"r"}}]}""", "Shared memory")]
    public async Task Infer_FeatureThatIsNotOffered_IsNotImplemented(string body, string fault) =>
        await AssertRefusedAsync(Scale, body, HttpStatusCode.NotImplemented, fault);

    [Theory]
    [InlineData("timeout", "-1", "0 to 3600000000 microseconds")]
    [InlineData("timeout", "\"1\"", "whole number")]
    [InlineData("priority", "1001", "(most urgent) to 1000")]
    [InlineData("priority", "1.5", "whole number")]
    [InlineData("binary_data_output", "1", "must be a boolean")]
    public async Task Infer_ParameterOutOfRange_IsRefused(string name, string value, string fault) => await AssertRefusedAsync(
        Scale, $$$"""{"parameters":{"{{{name}}}":{{{value}}}},"inputs":[]}""", HttpStatusCode.BadRequest, fault);

    [Fact]
    public async Task Infer_AfterAllThat_StillWorks()
    {
        var (response, _) = await fixture.Worker.PostAsync(
            Scale, """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task AssertRefusedAsync(string path, string body, HttpStatusCode status, string fault)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        await AssertRefusedAsync(path, content, status, fault);
    }

    private async Task AssertRefusedAsync(string path, HttpContent content, HttpStatusCode status, string fault)
    {
        using var response = await fixture.Worker.Client.PostAsync(path, content, Token);
        var body = await RunningWorker.ReadAsync(response);
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode}: {body}");
        Assert.Equal("error", Assert.Single(body.EnumerateObject()).Name);
        Assert.Contains(fault, body.GetProperty("error").GetString(), StringComparison.Ordinal);
    }
}
