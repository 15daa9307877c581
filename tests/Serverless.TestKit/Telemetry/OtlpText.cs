using System.Globalization;

namespace Serverless.TestKit.Telemetry;

/// <summary>Values of attributes as text.</summary>
internal static class OtlpText
{
    public static string Of(OtlpValue value) => value.ValueCase switch
    {
        OtlpValue.ValueOneofCase.StringValue => value.StringValue,
        OtlpValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        OtlpValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString("R", CultureInfo.InvariantCulture),
        OtlpValue.ValueOneofCase.ArrayValue => string.Join(",", value.ArrayValue.Values.Select(Of)),
        _ => value.IntValue.ToString(CultureInfo.InvariantCulture),
    };
}
