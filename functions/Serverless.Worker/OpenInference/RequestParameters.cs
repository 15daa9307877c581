using System.Text.Json;
using Serverless.Contracts.Errors;

namespace Serverless.Worker.OpenInference;

/// <summary>
/// Checks parameters: pairs of a name and a string, number or boolean. Those that ask for binary data are refused, the rest is let be.
/// </summary>
internal static class RequestParameters
{
    public static void Check(ref Utf8JsonReader reader, string where)
    {
        JsonValues.Expect(ref reader, JsonTokenType.StartObject, where);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject or JsonTokenType.Null)
            {
                throw JsonValues.Invalid(
                    $"{where} holds {JsonValues.Describe(reader.TokenType)}; parameters are strings, numbers or booleans.", where);
            }

            var asksForBinary = name is "binary_data" or "binary_data_output" && reader.TokenType == JsonTokenType.True;
            if (asksForBinary || name == "binary_data_size")
            {
                throw new InferenceException(
                    ErrorKind.NotImplemented, $"Binary tensor data ({where}.{name}) is not supported yet; use JSON.", where);
            }
        }
    }
}
