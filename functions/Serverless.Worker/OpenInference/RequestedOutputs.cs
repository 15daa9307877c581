using System.Text.Json;

namespace Serverless.Worker.OpenInference;

/// <summary>Reads the outputs that a request asks for.</summary>
internal static class RequestedOutputs
{
    // No model has more; a list without end would only cost.
    private const int MaxOutputs = 1024;

    public static List<string> Read(ref Utf8JsonReader reader)
    {
        JsonValues.Expect(ref reader, JsonTokenType.StartArray, "outputs");
        var names = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (names.Count == MaxOutputs)
                throw JsonValues.Invalid($"outputs lists more than {MaxOutputs} outputs.", "outputs");
            names.Add(ReadOne(ref reader, $"outputs[{names.Count}]"));
        }

        return names;
    }

    private static string ReadOne(ref Utf8JsonReader reader, string where)
    {
        JsonValues.Expect(ref reader, JsonTokenType.StartObject, where);
        string? name = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = reader.GetString();
            reader.Read();
            if (property == "name")
                name = JsonValues.String(ref reader, $"{where}.name");
            else if (property == "parameters")
                RequestParameters.Check(ref reader, $"{where}.parameters");
            else
                reader.Skip();
        }

        return name ?? throw JsonValues.Invalid($"{where} has no name.", where);
    }
}
