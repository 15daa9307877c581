using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Serverless.Conformance.Data;
using Serverless.Inference.Tensors;

namespace Serverless.Conformance.Clients;

/// <summary>Sends tensors as JSON over HTTP.</summary>
internal static class JsonHttp
{
    /// <summary>Whether JSON can carry the case both ways: no 16-bit floats, and inputs that are finite and text.</summary>
    public static bool CanExpress(IEnumerable<CaseTensor> inputs, IEnumerable<CaseTensor> outputs) =>
        inputs.All(input => Datatypes.HasJsonForm(input.Datatype) && IsFinite(input) && input.Strings.All(text => Utf8.IsValid(text)))
        && outputs.All(output => Datatypes.HasJsonForm(output.Datatype));

    /// <summary>Whether the case has inputs, and none of its tensors is empty or has values that JSON has no number for.</summary>
    public static bool IsPlain(IReadOnlyCollection<CaseTensor> inputs, IEnumerable<CaseTensor> outputs) =>
        inputs.Count > 0 && inputs.Concat(outputs).All(tensor => tensor.Count > 0 && IsFinite(tensor));

    public static async Task<CallResult> CallAsync(
        HttpClient client, string model, IReadOnlyList<CaseTensor> inputs, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["inputs"] = new JsonArray([.. inputs.Select(input => (JsonNode)new JsonObject
            {
                ["name"] = input.Name,
                ["shape"] = new JsonArray([.. input.Shape.Select(dimension => (JsonNode)dimension)]),
                ["datatype"] = Datatypes.NameOf(input.Datatype),
                ["data"] = new JsonArray([.. Elements(input)]),
            })]),
        };
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await client.PostAsync($"/v2/models/{model}/infer", content, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? new CallResult(200, Read(text), null)
            : new CallResult((int)response.StatusCode, [], text);
    }

    private static bool IsFinite(CaseTensor tensor) => tensor.Datatype switch
    {
        TensorDatatype.Fp32 => Array.TrueForAll(Values<float>(tensor), float.IsFinite),
        TensorDatatype.Fp64 => Array.TrueForAll(Values<double>(tensor), double.IsFinite),
        _ => true,
    };

    private static IEnumerable<JsonNode> Elements(CaseTensor tensor) => tensor.Datatype switch
    {
        TensorDatatype.Bool => tensor.Data.Select(value => (JsonNode)(value != 0)),
        TensorDatatype.UInt8 => tensor.Data.Select(value => (JsonNode)value),
        TensorDatatype.UInt16 => Values<ushort>(tensor).Select(value => (JsonNode)value),
        TensorDatatype.UInt32 => Values<uint>(tensor).Select(value => (JsonNode)value),
        TensorDatatype.UInt64 => Values<ulong>(tensor).Select(value => (JsonNode)value),
        TensorDatatype.Int8 => Values<sbyte>(tensor).Select(value => (JsonNode)value),
        TensorDatatype.Int16 => Values<short>(tensor).Select(value => (JsonNode)value),
        TensorDatatype.Int32 => Values<int>(tensor).Select(value => (JsonNode)value),
        TensorDatatype.Int64 => Values<long>(tensor).Select(value => (JsonNode)value),
        TensorDatatype.Fp32 => Values<float>(tensor).Select(value => (JsonNode)value),
        TensorDatatype.Fp64 => Values<double>(tensor).Select(value => (JsonNode)value),
        _ => tensor.Strings.Select(text => (JsonNode)Encoding.UTF8.GetString(text)),
    };

    private static List<CaseTensor> Read(string text)
    {
        using var json = JsonDocument.Parse(text);
        return [.. json.RootElement.GetProperty("outputs").EnumerateArray().Select(Read)];
    }

    private static CaseTensor Read(JsonElement output)
    {
        _ = Datatypes.TryParse(output.GetProperty("datatype").GetString()!, out var datatype);
        var elements = output.GetProperty("data").EnumerateArray().ToList();
        return new CaseTensor(
            output.GetProperty("name").GetString()!,
            datatype,
            [.. output.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())],
            Data(datatype, elements),
            datatype == TensorDatatype.Bytes ? [.. elements.Select(element => Encoding.UTF8.GetBytes(element.GetString()!))] : []);
    }

    private static byte[] Data(TensorDatatype datatype, List<JsonElement> elements) => datatype switch
    {
        TensorDatatype.Bool => [.. elements.Select(element => element.GetBoolean() ? (byte)1 : (byte)0)],
        TensorDatatype.UInt8 => [.. elements.Select(element => element.GetByte())],
        TensorDatatype.UInt16 => Bytes(elements, element => element.GetUInt16()),
        TensorDatatype.UInt32 => Bytes(elements, element => element.GetUInt32()),
        TensorDatatype.UInt64 => Bytes(elements, element => element.GetUInt64()),
        TensorDatatype.Int8 => Bytes(elements, element => element.GetSByte()),
        TensorDatatype.Int16 => Bytes(elements, element => element.GetInt16()),
        TensorDatatype.Int32 => Bytes(elements, element => element.GetInt32()),
        TensorDatatype.Int64 => Bytes(elements, element => element.GetInt64()),
        TensorDatatype.Fp32 => Bytes(elements, element => element.ValueKind == JsonValueKind.Null ? float.NaN : element.GetSingle()),
        TensorDatatype.Fp64 => Bytes(elements, element => element.ValueKind == JsonValueKind.Null ? double.NaN : element.GetDouble()),
        _ => [],
    };

    private static byte[] Bytes<T>(List<JsonElement> elements, Func<JsonElement, T> convert)
        where T : unmanaged => MemoryMarshal.AsBytes(elements.Select(convert).ToArray().AsSpan()).ToArray();

    private static T[] Values<T>(CaseTensor tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.Data).ToArray();
}
