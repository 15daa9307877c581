using System.Text.Json;
using Serverless.Worker.Json;

namespace Serverless.Worker.OpenInference;

/// <summary>Reads the outputs that a request asks for.</summary>
internal static class RequestedOutputs
{
    // No model has more; a list without end would only cost.
    private const int MaxOutputs = 1024;

    public static List<RequestedOutput> Read(ref Utf8JsonReader reader)
    {
        JsonValues.Expect(ref reader, JsonTokenType.StartArray, "outputs");
        var outputs = new List<RequestedOutput>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (outputs.Count == MaxOutputs)
                throw JsonValues.Invalid($"outputs lists more than {MaxOutputs} outputs.", "outputs");
            outputs.Add(ReadOne(ref reader, $"outputs[{outputs.Count}]"));
        }

        return outputs;
    }

    private static RequestedOutput ReadOne(ref Utf8JsonReader reader, string where)
    {
        JsonValues.Expect(ref reader, JsonTokenType.StartObject, where);
        string? name = null;
        bool? binary = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = JsonValues.PropertyName(ref reader);
            reader.Read();
            if (property == "name")
                name = JsonValues.String(ref reader, $"{where}.name");
            else if (property == "parameters")
                binary = RequestParameters.Read(ref reader, $"{where}.parameters").BinaryData;
            else
                reader.Skip();
        }

        return new RequestedOutput(name ?? throw JsonValues.Invalid($"{where} has no name.", where), binary);
    }
}
