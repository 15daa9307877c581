using System.Globalization;
using System.Text;
using System.Text.Json;
using Serverless.Conformance.Data;
using Serverless.Inference.Tensors;

namespace Serverless.Conformance.Clients;

/// <summary>Sends tensors in binary over HTTP, and asks for binary.</summary>
internal static class BinaryHttp
{
    private const string LengthHeader = "Inference-Header-Content-Length";

    public static async Task<CallResult> CallAsync(
        HttpClient client, string model, IReadOnlyList<CaseTensor> inputs, CancellationToken cancellationToken)
    {
        var blobs = inputs.Select(input => input.ToBinary()).ToList();
        var head = JsonSerializer.SerializeToUtf8Bytes(new
        {
            parameters = new { binary_data_output = true },
            inputs = inputs.Select((input, index) => new
            {
                name = input.Name,
                shape = input.Shape,
                datatype = Datatypes.NameOf(input.Datatype),
                parameters = new { binary_data_size = blobs[index].Length },
            }),
        });
        using var content = new ByteArrayContent([.. head, .. blobs.SelectMany(blob => blob)]);
        content.Headers.ContentType = new("application/octet-stream");
        content.Headers.Add(LengthHeader, head.Length.ToString(CultureInfo.InvariantCulture));
        using var response = await client.PostAsync($"/v2/models/{model}/infer", content, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            return new CallResult((int)response.StatusCode, [], Encoding.UTF8.GetString(body));
        var length = int.Parse(response.Headers.GetValues(LengthHeader).Single(), CultureInfo.InvariantCulture);
        return new CallResult(200, Read(body.AsMemory(0, length), body.AsMemory(length)), null);
    }

    private static List<CaseTensor> Read(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> tail)
    {
        using var json = JsonDocument.Parse(head);
        var outputs = new List<CaseTensor>();
        foreach (var output in json.RootElement.GetProperty("outputs").EnumerateArray())
        {
            var size = output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32();
            outputs.Add(CaseTensor.FromBinary(
                output.GetProperty("name").GetString()!,
                output.GetProperty("datatype").GetString()!,
                [.. output.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())],
                tail.Span[..size]));
            tail = tail[size..];
        }

        return tail.IsEmpty ? outputs : throw new InvalidDataException($"{tail.Length} bytes follow the last output.");
    }
}
