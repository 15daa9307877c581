using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Serverless.Worker.Tests.OpenInference;

/// <summary>The binary tensor data extension.</summary>
[Collection(WorkerCollection.Name)]
public sealed class BinaryTests(WorkerFixture fixture)
{
    private const string LengthHeader = "Inference-Header-Content-Length";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("bool", "BOOL", 1)]
    [InlineData("uint8", "UINT8", 1)]
    [InlineData("int8", "INT8", 1)]
    [InlineData("uint16", "UINT16", 2)]
    [InlineData("int16", "INT16", 2)]
    [InlineData("half", "FP16", 2)]
    [InlineData("uint32", "UINT32", 4)]
    [InlineData("int32", "INT32", 4)]
    [InlineData("fp32", "FP32", 4)]
    [InlineData("uint64", "UINT64", 8)]
    [InlineData("int64", "INT64", 8)]
    [InlineData("fp64", "FP64", 8)]
    public async Task Infer_BinaryBothWays_IsBitEqual(string model, string datatype, int size)
    {
        byte[] data = [.. Enumerable.Range(0, 6 * size).Select(i => (byte)(datatype == "BOOL" ? i % 2 : (i * 7) + 1))];
        var json = Header("x", "[2,3]", datatype, data.Length, "\"parameters\":{\"binary_data_output\":true},");

        using var response = await PostAsync(model, json, data, json.Length);
        var (answer, tail) = await ReadAsync(response);

        Assert.Equal(data, tail);
        var output = answer.GetProperty("outputs")[0];
        Assert.Equal(datatype, output.GetProperty("datatype").GetString());
        Assert.Equal(data.Length, output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
        Assert.False(output.TryGetProperty("data", out _));
    }

    [Fact]
    public async Task Infer_BinaryStrings_ComeBack()
    {
        byte[] data = [.. Prefixed("äöü"), .. Prefixed(""), .. Prefixed("a\"b")];
        var json = Header("x", "[3,1]", "BYTES", data.Length, "\"parameters\":{\"binary_data_output\":true},");

        using var response = await PostAsync("bytes", json, data, json.Length);

        Assert.Equal(data, (await ReadAsync(response)).Tail);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Infer_JsonAndBinaryInputs_AreBothRead(bool chunked)
    {
        const string Json = """
            {"inputs":[{"name":"a","shape":[2],"datatype":"FP32","parameters":{"binary_data_size":8}},
            {"name":"b","shape":[2],"datatype":"FP32","data":[10,20]}]}
            """;

        using var response = await PostAsync("add", Json, Bytes(1, 2), Json.Length, chunked);

        Assert.Equal("[11,22]", (await RunningWorker.ReadAsync(response)).GetProperty("outputs")[0].GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Infer_BinaryOutputAskedForInJson_Comes()
    {
        using var content = new StringContent(
            """
            {"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}],
            "outputs":[{"name":"y","parameters":{"binary_data":true}}]}
            """, Encoding.UTF8, "application/json");

        using var response = await fixture.Worker.Client.PostAsync("/v2/models/scale/infer", content, Token);

        Assert.Equal(Bytes(2, 4), (await ReadAsync(response)).Tail);
    }

    [Fact]
    public async Task Infer_OutputThatOverridesTheRequest_ComesInJson()
    {
        const string Json = """
            {"parameters":{"binary_data_output":true},"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}],
            "outputs":[{"name":"y","parameters":{"binary_data":false}}]}
            """;

        var (_, body) = await fixture.Worker.PostAsync("/v2/models/scale/infer", Json);

        Assert.Equal("[2,4]", body.GetProperty("outputs")[0].GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Infer_RawBytes_AreTheOnlyInput()
    {
        using var response = await PostAsync("scale", "", Bytes(1, 2, 3, 4), 0);
        var (answer, tail) = await ReadAsync(response);

        Assert.Equal("[2,2]", answer.GetProperty("outputs")[0].GetProperty("shape").GetRawText());
        Assert.Equal(Bytes(2, 4, 6, 8), tail);
    }

    [Theory]
    [InlineData("add", 8, "one input")]
    [InlineData("scale", 7, "takes 0 bytes")]
    [InlineData("fp32", 8, null)]
    public async Task Infer_RawBytesThatDoNotFit_AreRefused(string model, int length, string? fault)
    {
        using var response = await PostAsync(model, "", new byte[length], 0);

        if (fault is null)
            Assert.Equal("[1,2]", (await ReadAsync(response)).Json.GetProperty("outputs")[0].GetProperty("shape").GetRawText());
        else
            await AssertRefusedAsync(response, fault == "takes 0 bytes" ? "binary data has 7 bytes" : fault);
    }

    [Theory]
    [InlineData(16, 8, "takes 8 bytes (2 elements of 4), but its binary data has 16 bytes")]
    [InlineData(8, 4, "add up to 8 bytes, but 4 bytes follow")]
    [InlineData(8, 12, "add up to 8 bytes, but 12 bytes follow")]
    [InlineData(-1, 8, "0 to 2147483647")]
    public async Task Infer_SizesThatDoNotAgree_AreRefused(int announced, int sent, string fault)
    {
        var json = Header("x", "[1,2]", "FP32", announced, string.Empty);

        using var response = await PostAsync("scale", json, new byte[sent], json.Length);

        await AssertRefusedAsync(response, fault);
    }

    [Theory]
    [InlineData("abc", "must be the number of bytes")]
    [InlineData("-1", "must be the number of bytes")]
    [InlineData("100000", "but the body has")]
    [InlineData("10", "not valid JSON")]
    public async Task Infer_WrongHeader_IsRefused(string length, string fault)
    {
        var json = Header("x", "[1,2]", "FP32", 8, string.Empty);
        using var content = new ByteArrayContent([.. Encoding.UTF8.GetBytes(json), .. Bytes(1, 2)]);
        content.Headers.Add(LengthHeader, length);

        using var response = await fixture.Worker.Client.PostAsync("/v2/models/scale/infer", content, Token);

        await AssertRefusedAsync(response, fault);
    }

    [Fact]
    public async Task Infer_BinarySizeWithoutHeader_IsRefused()
    {
        using var content = new StringContent(Header("x", "[1,2]", "FP32", 8, string.Empty), Encoding.UTF8, "application/json");

        using var response = await fixture.Worker.Client.PostAsync("/v2/models/scale/infer", content, Token);

        await AssertRefusedAsync(response, "Inference-Header-Content-Length is missing");
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0 }, "takes 1 byte strings")]
    [InlineData(new byte[] { 9, 0, 0, 0, 65 }, "ends within element 0")]
    [InlineData(new byte[] { 1, 0, 0, 0, 65, 66 }, "has 1 bytes after")]
    [InlineData(new byte[] { 255, 255, 255, 255 }, "ends within element 0")]
    public async Task Infer_StringsThatDoNotFillTheShape_AreRefused(byte[] data, string fault)
    {
        var json = Header("x", "[1,1]", "BYTES", data.Length, string.Empty);

        using var response = await PostAsync("bytes", json, data, json.Length);

        await AssertRefusedAsync(response, fault);
    }

    [Fact]
    public async Task Infer_HugeShapeWithoutData_TakesNoMemory()
    {
        var json = Header("x", "[268435455,2]", "FP32", 2147483640, string.Empty);

        using var response = await PostAsync("scale", json, [], json.Length);

        await AssertRefusedAsync(response, "add up to 2147483640 bytes, but 0 bytes follow");
    }

    private async Task<HttpResponseMessage> PostAsync(string model, string json, byte[] data, int header, bool chunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/models/{model}/infer")
        {
            Content = new ByteArrayContent([.. Encoding.UTF8.GetBytes(json), .. data]),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Content.Headers.Add(LengthHeader, header.ToString(CultureInfo.InvariantCulture));
        request.Headers.TransferEncodingChunked = chunked;
        return await fixture.Worker.Client.SendAsync(request, Token);
    }

    private static async Task<(JsonElement Json, byte[] Tail)> ReadAsync(HttpResponseMessage response)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(Token);
        Assert.True(response.StatusCode == HttpStatusCode.OK, Encoding.UTF8.GetString(bytes));
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(bytes.Length, response.Content.Headers.ContentLength);
        var length = int.Parse(Assert.Single(response.Headers.GetValues(LengthHeader)), CultureInfo.InvariantCulture);
        using var document = JsonDocument.Parse(bytes.AsMemory(0, length));
        return (document.RootElement.Clone(), bytes[length..]);
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage response, string fault)
    {
        var body = await RunningWorker.ReadAsync(response);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(fault, body.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private static string Header(string name, string shape, string datatype, int size, string more) =>
        $$$"""{{{{more}}}"inputs":[{"name":"{{{name}}}","shape":{{{shape}}},"datatype":"{{{datatype}}}","parameters":{"binary_data_size":{{{size}}}}}]}""";

    private static byte[] Bytes(params float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static byte[] Prefixed(string text)
    {
        var bytes = new byte[sizeof(uint) + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length - sizeof(uint));
        Encoding.UTF8.GetBytes(text, bytes.AsSpan(sizeof(uint)));
        return bytes;
    }
}
