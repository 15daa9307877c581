using System.Text.Json;
using Serverless.Inference.Execution;
using Serverless.Inference.Onnx;
using Serverless.Inference.Tensors;

namespace Serverless.Worker.OpenInference;

/// <summary>Reads one input tensor, whatever the order of its properties.</summary>
internal static class InputReader
{
    private const int MaxRank = 32;

    public static BufferTensor Read(ref Utf8JsonReader reader, OnnxSignature signature, int index)
    {
        var where = $"inputs[{index}]";
        JsonValues.Expect(ref reader, JsonTokenType.StartObject, where);
        string? name = null;
        string? datatype = null;
        long[]? shape = null;
        // Data that comes before what it must fit is skipped, and read from this copy of the reader at the end.
        var data = default(Utf8JsonReader);
        var dataBytes = 0L;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = reader.GetString();
            reader.Read();
            switch (property)
            {
                case "name":
                    name = JsonValues.String(ref reader, $"{where}.name");
                    break;
                case "datatype":
                    datatype = JsonValues.String(ref reader, $"{where}.datatype");
                    break;
                case "shape":
                    shape = ReadShape(ref reader, $"{where}.shape");
                    break;
                case "parameters":
                    RequestParameters.Check(ref reader, $"{where}.parameters");
                    break;
                case "data":
                    data = reader;
                    reader.Skip();
                    dataBytes = reader.BytesConsumed - data.TokenStartIndex;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (name is null)
            throw JsonValues.Invalid($"{where} has no name.", where);
        var wanted = RequestCheck.Input(signature, name);
        if (datatype is null)
            throw JsonValues.Invalid($"Input '{name}' has no datatype; the model wants {wanted.Datatype}.", name);
        if (shape is null)
            throw JsonValues.Invalid($"Input '{name}' has no shape; the model wants {TensorShape.Format(wanted.Shape)}.", name);
        if (dataBytes == 0)
            throw JsonValues.Invalid($"Input '{name}' has no data.", name);
        var count = RequestCheck.Fit(wanted, datatype, shape);
        _ = Datatypes.TryParse(datatype, out var type);
        return TensorDataReader.Read(ref data, new TensorTarget(name, type, shape, count, dataBytes));
    }

    private static long[] ReadShape(ref Utf8JsonReader reader, string where)
    {
        JsonValues.Expect(ref reader, JsonTokenType.StartArray, where);
        var shape = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (shape.Count == MaxRank)
                throw JsonValues.Invalid($"{where} has more than {MaxRank} dimensions.", where);
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var dimension))
                throw JsonValues.Invalid($"{where}[{shape.Count}] is not a whole number of 64 bits.", where);
            shape.Add(dimension);
        }

        return [.. shape];
    }
}
