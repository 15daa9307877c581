using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Serverless.TestKit.Fuzzing;

/// <summary>Valid requests of every kind, to a model <c>add</c> of <see cref="Onnx.OnnxGraphs.Add"/> and a text embedder's endpoint.</summary>
public static class FuzzSeeds
{
    /// <summary>The model that the requests are for.</summary>
    public const string Model = "add";

    private const string Infer = $"/v2/models/{Model}/infer";
    private const string LengthHeader = "Inference-Header-Content-Length";

    private const string Flat = """
        {"id":"a","parameters":{"priority":1,"timeout":3600000000,"note":"x"},"inputs":[
        {"name":"a","shape":[3],"datatype":"FP32","data":[1.5,-2e3,0.0078125]},
        {"name":"b","shape":[3],"datatype":"FP32","data":[10,20,30]}],"outputs":[{"name":"sum"}]}
        """;

    private const string Mixed = """
        {"parameters":{"binary_data_output":true},"inputs":[
        {"name":"a","shape":[3],"datatype":"FP32","parameters":{"binary_data_size":12}},
        {"name":"b","shape":[3],"datatype":"FP32","data":[10,20,30]}]}
        """;

    private const string Both = """
        {"inputs":[{"name":"a","shape":[2],"datatype":"FP32","parameters":{"binary_data_size":8}},
        {"name":"b","shape":[2],"datatype":"FP32","parameters":{"binary_data_size":8}}],
        "outputs":[{"name":"sum","parameters":{"binary_data":true}}]}
        """;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzSeed> All { get; } =
    [
        Json(Infer, Flat),
        Json(Infer, Flat.Replace(" ", "  ", StringComparison.Ordinal)),
        Json($"/v2/models/{Model}/versions/1/infer", Flat),
        Json("/v1/embeddings", """{"model":"add","input":["one","two \u00e4"],"encoding_format":"base64"}"""),
        Json("/v1/embeddings", """{"model":"add","input":[[1,2,3],[4]]}"""),
        Json("/v2/repository/index", """{"ready":true}"""),
        Binary(Mixed, Floats(1, 2, 3)),
        Binary(Both, Floats(1, 2, 3, 4)),
        new FuzzSeed(Infer, [(LengthHeader, "0")], Floats(1, 2)),
        new FuzzSeed(Infer, [("Content-Type", "application/json"), ("Content-Encoding", "gzip"), ("Accept-Encoding", "gzip;q=0.5, *")], Gzip(Flat)),
    ];

    private static FuzzSeed Json(string path, string body) =>
        new(path, [("Content-Type", "application/json; charset=utf-8")], Encoding.UTF8.GetBytes(body));

    private static FuzzSeed Binary(string json, byte[] tail)
    {
        var head = Encoding.UTF8.GetBytes(json);
        return new FuzzSeed(
            Infer,
            [("Content-Type", "application/octet-stream"), (LengthHeader, head.Length.ToString(CultureInfo.InvariantCulture))],
            [.. head, .. tail]);
    }

    private static byte[] Floats(params float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static byte[] Gzip(string text)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return output.ToArray();
    }
}
