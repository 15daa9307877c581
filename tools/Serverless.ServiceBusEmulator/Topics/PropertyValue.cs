using System.Globalization;

namespace Serverless.ServiceBusEmulator.Topics;

/// <summary>A typed value that survives JSON: the XML schema type names that the administration protocol uses, and the text.</summary>
internal sealed record PropertyValue(string Type, string Text)
{
    public static PropertyValue Of(object value) => value switch
    {
        string text => new("string", text),
        bool flag => new("boolean", flag ? "true" : "false"),
        int or short or sbyte or byte or ushort => new("int", Convert.ToString(value, CultureInfo.InvariantCulture)!),
        long or uint or ulong => new("long", Convert.ToString(value, CultureInfo.InvariantCulture)!),
        float or double => new("double", Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture)),
        decimal number => new("decimal", number.ToString(CultureInfo.InvariantCulture)),
        Guid id => new("guid", id.ToString()),
        DateTime time => new("dateTime", time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture)),
        TimeSpan span => new("duration", System.Xml.XmlConvert.ToString(span)),
        _ => new("string", Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty),
    };

    public object ToObject() => Type switch
    {
        "boolean" => Text is "true" or "True" or "1",
        "int" => int.Parse(Text, CultureInfo.InvariantCulture),
        "long" => long.Parse(Text, CultureInfo.InvariantCulture),
        "double" or "float" => double.Parse(Text, CultureInfo.InvariantCulture),
        "decimal" => decimal.Parse(Text, CultureInfo.InvariantCulture),
        "guid" => Guid.Parse(Text),
        "dateTime" => DateTime.Parse(Text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal),
        "duration" => System.Xml.XmlConvert.ToTimeSpan(Text),
        _ => Text,
    };
}
