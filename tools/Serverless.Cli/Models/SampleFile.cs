using System.Text.Json;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Inference.Tensors;

namespace Serverless.Cli.Models;

/// <summary>Reads sample inputs for the proof of a push: one Open Inference Protocol request of one row on each line.</summary>
internal static class SampleFile
{
    private const int MaxRows = 1024;
    private const long MaxBytes = 256 << 20;

    /// <exception cref="ArgumentException">A line is not such a request; the message names it.</exception>
    public static IReadOnlyList<SampleRow> Read(string path)
    {
        if (new FileInfo(path).Length > MaxBytes)
            throw new ArgumentException($"{path} is larger than the {MaxBytes} bytes that samples may take.");
        var rows = new List<SampleRow>();
        foreach (var (line, index) in File.ReadLines(path).Select((line, index) => (line, index)).Where(line => line.line.Length > 0))
        {
            if (rows.Count == MaxRows)
                throw new ArgumentException($"{path} has more than {MaxRows} samples.");
            try
            {
                using var request = JsonDocument.Parse(line);
                rows.Add(new SampleRow([.. request.RootElement.GetProperty("inputs").EnumerateArray().Select(Input)]));
            }
            catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException
                or FormatException or OverflowException or ArgumentException)
            {
                throw new ArgumentException($"Line {index + 1} of {path} is not an Open Inference Protocol request: {error.Message}", error);
            }
        }

        return rows;
    }

    private static SampleInput Input(JsonElement input)
    {
        var name = input.GetProperty("name").GetString()!;
        long[] shape = [.. input.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())];
        var datatype = input.GetProperty("datatype").GetString()!;
        if (!Datatypes.TryParse(datatype, out var type) || type == TensorDatatype.Bytes)
            throw new ArgumentException($"input '{name}' has the datatype '{datatype}', which cannot be sampled");
        double[] elements = [.. Elements(input.GetProperty("data"))];
        if (shape.Length == 0 || shape[0] != 1 || !TensorShape.TryCount(shape, out var count) || count != elements.Length)
            throw new ArgumentException($"input '{name}' must be one row: a shape that begins with 1, with as many elements");
        var data = new byte[count * Datatypes.SizeOf(type)];
        var next = 0;
        TensorElements.Fill(type, data, () => elements[next++]);
        return new SampleInput(name, type, shape, data);
    }

    private static IEnumerable<double> Elements(JsonElement data) => data.ValueKind switch
    {
        JsonValueKind.Array => data.EnumerateArray().SelectMany(Elements),
        JsonValueKind.True => [1],
        JsonValueKind.False => [0],
        _ => [data.GetDouble()],
    };
}
