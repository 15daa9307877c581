using System.Text.Json;
using Serverless.Contracts.Errors;

namespace Serverless.Worker.Json;

/// <summary>Bounds on JSON of a stranger that others read later.</summary>
internal static class JsonTexts
{
    private const int MaxValues = 200_000;

    /// <summary>Checks that all strings and names are text, and that there are not too many values.</summary>
    public static void Check(JsonElement element, string where)
    {
        var values = 0;
        Check(element, where, ref values);
    }

    // As deep as the reader's own limit at most.
    private static void Check(JsonElement element, string where, ref int values)
    {
        if (++values > MaxValues)
            throw JsonValues.Invalid($"{where} holds more than {MaxValues} values.", where);
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                CheckText(element, where);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    Check(item, where, ref values);
                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    CheckName(property, where);
                    Check(property.Value, where, ref values);
                }

                break;
        }
    }

    private static void CheckText(JsonElement text, string where)
    {
        try
        {
            text.GetString();
        }
        catch (InvalidOperationException)
        {
            throw NoText(where);
        }
    }

    private static void CheckName(JsonProperty property, string where)
    {
        try
        {
            _ = property.Name;
        }
        catch (InvalidOperationException)
        {
            throw NoText(where);
        }
    }

    private static InferenceException NoText(string where) =>
        JsonValues.Invalid($"{where} holds half of a surrogate pair, which is no character.", where);
}
