using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Serverless.Benchmarks.Serving;

/// <summary>Whole HTTP requests as bytes.</summary>
internal static class Requests
{
    /// <summary>Data as JSON numbers.</summary>
    public static byte[] Json(string model, Row row, RequestExtras? extras = null)
    {
        var body = Document(row, binaryOutput: false, (json, input) =>
        {
            json.WriteStartArray("data");
            foreach (var value in input.Floats ?? [])
                json.WriteNumberValue(value);
            foreach (var value in input.Longs ?? [])
                json.WriteNumberValue(value);
            json.WriteEndArray();
        });
        return Post($"/v2/models/{model}/infer", "Content-Type: application/json\r\n" + extras?.Headers, body);
    }

    /// <summary>Data as little-endian bytes behind the JSON, and all outputs wanted so.</summary>
    public static byte[] Binary(string model, Row row, RequestExtras? extras = null)
    {
        var header = Document(row, binaryOutput: true, (json, input) =>
        {
            json.WriteStartObject("parameters");
            json.WriteNumber("binary_data_size", input.Bytes.Length);
            json.WriteEndObject();
        });
        using var body = new MemoryStream();
        body.Write(header);
        foreach (var input in row.Inputs)
            body.Write(input.Bytes);
        var headers = string.Create(
            CultureInfo.InvariantCulture,
            $"Content-Type: application/octet-stream\r\nInference-Header-Content-Length: {header.Length}\r\n{extras?.Headers}");
        return Post($"/v2/models/{model}/infer", headers, body.ToArray());
    }

    /// <summary>The same body to the echo, which is told how much to answer.</summary>
    public static byte[] ToEcho(byte[] request, double answerSize)
    {
        var body = request.AsSpan(request.AsSpan().IndexOf("\r\n\r\n"u8) + 4).ToArray();
        return Post(string.Create(CultureInfo.InvariantCulture, $"/{answerSize:0}"), "Content-Type: application/json\r\n", body);
    }

    private static byte[] Document(Row row, bool binaryOutput, Action<Utf8JsonWriter, RowInput> data)
    {
        using var target = new MemoryStream();
        using (var json = new Utf8JsonWriter(target))
        {
            json.WriteStartObject();
            if (binaryOutput)
            {
                json.WriteStartObject("parameters");
                json.WriteBoolean("binary_data_output", true);
                json.WriteEndObject();
            }

            json.WriteStartArray("inputs");
            foreach (var input in row.Inputs)
            {
                json.WriteStartObject();
                json.WriteString("name", input.Name);
                json.WriteStartArray("shape");
                foreach (var size in input.Shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteString("datatype", input.Datatype);
                data(json, input);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return target.ToArray();
    }

    private static byte[] Post(string path, string headers, byte[] body)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture, $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}Content-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body];
    }
}
