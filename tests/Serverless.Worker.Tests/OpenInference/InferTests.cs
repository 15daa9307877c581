using System.Net;
using System.Text;

namespace Serverless.Worker.Tests.OpenInference;

[Collection(WorkerCollection.Name)]
public sealed class InferTests(WorkerFixture fixture)
{
    [Theory]
    [InlineData("bool", "BOOL", "true,false,true,false")]
    [InlineData("uint8", "UINT8", "0,1,254,255")]
    [InlineData("uint16", "UINT16", "0,1,65534,65535")]
    [InlineData("uint32", "UINT32", "0,1,4294967294,4294967295")]
    [InlineData("uint64", "UINT64", "0,1,9007199254740993,18446744073709551615")]
    [InlineData("int8", "INT8", "-128,-1,0,127")]
    [InlineData("int16", "INT16", "-32768,-1,0,32767")]
    [InlineData("int32", "INT32", "-2147483648,-1,0,2147483647")]
    [InlineData("int64", "INT64", "-9223372036854775808,-1,9007199254740993,9223372036854775807")]
    [InlineData("fp32", "FP32", "-3.4028235E+38,1E-45,0.1,0.33333334")]
    [InlineData("fp64", "FP64", "-1.7976931348623157E+308,5E-324,0.1,0.3333333333333333")]
    [InlineData("bytes", "BYTES", "\"\",\"a\\\"b\",\"ü漢\",\"line\\nend\"")]
    public async Task Infer_EveryDatatype_ComesBackExactly(string model, string datatype, string elements)
    {
        var (first, second) = Halves(elements);
        foreach (var data in new[] { $"[{elements}]", $"[[{first}],[{second}]]" })
        {
            var (response, body) = await fixture.Worker.PostAsync(
                $"/v2/models/{model}/infer",
                $$"""{"inputs":[{"name":"x","shape":[2,2],"datatype":"{{datatype}}","data":{{data}}}]}""");

            Assert.True(response.StatusCode == HttpStatusCode.OK, body.ToString());
            var output = body.GetProperty("outputs")[0];
            Assert.Equal("y", output.GetProperty("name").GetString());
            Assert.Equal(datatype, output.GetProperty("datatype").GetString());
            Assert.Equal("[2,2]", output.GetProperty("shape").GetRawText());
            Assert.Equal($"[{elements}]", output.GetProperty("data").GetRawText());
        }
    }

    [Theory]
    [InlineData("include", "3")]
    [InlineData("INCLUDE", "3")]
    [InlineData(null, null)]
    public async Task Infer_AskedForUsage_TellsItsRows(string? asked, string? told)
    {
        using var response = await AskAsync(asked);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(told, response.Headers.TryGetValues("X-Inference-Usage", out var values) ? values.Single() : null);
    }

    [Fact]
    public async Task Infer_AskedForUsageInOtherWords_IsRefused()
    {
        using var response = await AskAsync("yes");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("must be include", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> AskAsync(string? usage)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/fp32/infer")
        {
            Content = new StringContent("""{"inputs":[{"name":"x","shape":[3,1],"datatype":"FP32","data":[1,2,3]}]}""", Encoding.UTF8, "application/json"),
        };
        if (usage is not null)
            request.Headers.Add("X-Inference-Usage", usage);
        return await fixture.Worker.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Infer_StringsOutsideOfTheBasicPlane_ComeBack()
    {
        var (_, body) = await fixture.Worker.PostAsync(
            "/v2/models/bytes/infer", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"BYTES","data":["🙂","\ud83d\ude42\u0000"]}]}""");

        var data = body.GetProperty("outputs")[0].GetProperty("data");
        Assert.Equal(["🙂", "🙂\0"], data.EnumerateArray().Select(element => element.GetString()));
    }

    [Fact]
    public async Task Infer_ProtocolsOwnShape_AnswersItsShape()
    {
        var (response, body) = await fixture.Worker.PostAsync(
            "/v2/models/add/versions/1/infer",
            """
            {
              "id" : "42",
              "parameters": {"priority": 1, "flag": true, "note": "text"},
              "inputs" : [
                {"name" : "a", "shape" : [ 2 ], "datatype" : "FP32", "data" : [ 1, 2 ]},
                {"name" : "b", "shape" : [ 1 ], "datatype" : "FP32", "parameters": {"x": 1.5}, "data" : [ 10 ]}
              ],
              "outputs" : [ {"name" : "sum", "parameters": {"binary_data": false}} ]
            }
            """);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            """{"model_name":"add","model_version":"1","id":"42","outputs":[{"name":"sum","datatype":"FP32","shape":[2],"data":[11,12]}]}""",
            body.GetRawText());
    }

    [Fact]
    public async Task Infer_PropertiesInAnyOrder_IsTaken()
    {
        var (_, body) = await fixture.Worker.PostAsync(
            "/v2/models/scale/infer",
            """{"outputs":[{"name":"y"}],"unknown":[{}],"inputs":[{"data":[[1,2]],"datatype":"FP32","name":"x","shape":[1,2]}]}""");

        Assert.Equal("[2,4]", body.GetProperty("outputs")[0].GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Infer_NoElements_AnswersNone()
    {
        var (_, body) = await fixture.Worker.PostAsync(
            "/v2/models/scale/infer", """{"inputs":[{"name":"x","shape":[0,2],"datatype":"FP32","data":[]}]}""");

        Assert.Equal("""{"name":"y","datatype":"FP32","shape":[0,2],"data":[]}""", body.GetProperty("outputs")[0].GetRawText());
    }

    [Fact]
    public async Task Infer_Scalar_IsOneElement()
    {
        var (_, body) = await fixture.Worker.PostAsync(
            "/v2/models/scalar/infer", """{"inputs":[{"name":"x","shape":[],"datatype":"FP32","data":[7]}]}""");

        Assert.Equal("""{"name":"y","datatype":"FP32","shape":[],"data":[7]}""", body.GetProperty("outputs")[0].GetRawText());
    }

    [Fact]
    public async Task Infer_NotANumberInTheOutput_IsNull()
    {
        var (response, body) = await fixture.Worker.PostAsync(
            "/v2/models/log/infer", """{"inputs":[{"name":"x","shape":[3],"datatype":"FP32","data":[-1,0,1]}]}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("[null,null,0]", body.GetProperty("outputs")[0].GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Infer_ManyElements_AllComeBack()
    {
        var data = string.Join(',', Enumerable.Range(0, 100_000));

        var (_, body) = await fixture.Worker.PostAsync(
            "/v2/models/int32/infer", $$"""{"inputs":[{"name":"x","shape":[1000,100],"datatype":"INT32","data":[{{data}}]}]}""");

        Assert.Equal($"[{data}]", body.GetProperty("outputs")[0].GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Infer_First_TellsWhereTheTimeWent()
    {
        await using var worker = await RunningWorker.StartAsync();
        await worker.PushAsync("m", TestKit.Onnx.OnnxGraphs.Scale(2));
        const string Request = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";

        var (first, _) = await worker.PostAsync("/v2/models/m/infer", Request);
        var (second, _) = await worker.PostAsync("/v2/models/m/infer", Request);

        Assert.Equal(["queue", "run", "fetch", "decode", "session", "warmup", "bytes", "cached", "process", "host"], Stages(first));
        Assert.Matches("bytes;desc=\"[1-9][0-9]*\", cached;desc=\"0\", process;dur=", first.Headers.GetValues("Server-Timing").Single());
        Assert.Equal(["queue", "run"], Stages(second));
    }

    private static IEnumerable<string> Stages(HttpResponseMessage response) =>
        response.Headers.GetValues("Server-Timing").Single().Split(", ").Select(stage => stage.Split(';')[0]);

    private static (string First, string Second) Halves(string elements)
    {
        var parts = elements.Split(',');
        return (string.Join(',', parts[..2]), string.Join(',', parts[2..]));
    }
}
