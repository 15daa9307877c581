using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Serverless.Inference.Generation.Constraints.Schema;

/// <summary>
/// JSON in the one form in which fixed values are generated: no white space, and only those characters escaped that must be. (The
/// library's most relaxed encoder still escapes emoji.)
/// </summary>
internal static class JsonText
{
    /// <summary>The text of <paramref name="value"/>.</summary>
    /// <exception cref="InvalidOperationException">A string in it holds half a surrogate pair.</exception>
    public static string Of(JsonElement value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return text.ToString();
    }

    public static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 2);
        WriteString(value, text);
        return text.ToString();
    }

    private static void Write(JsonElement value, StringBuilder text)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var property in value.EnumerateObject())
                {
                    WriteString(property.Name, Separated(text));
                    Write(property.Value, text.Append(':'));
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in value.EnumerateArray())
                    Write(item, Separated(text));
                text.Append(']');
                break;
            case JsonValueKind.String:
                WriteString(value.GetString()!, text);
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static StringBuilder Separated(StringBuilder text) => text[^1] is '{' or '[' ? text : text.Append(',');

    private static void WriteString(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }
}
