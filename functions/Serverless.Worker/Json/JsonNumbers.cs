using System.Text.Json;

namespace Serverless.Worker.Json;

/// <summary>Reads JSON numbers and booleans that must lie within bounds, saying which when they do not.</summary>
internal static class JsonNumbers
{
    public static int Whole(ref Utf8JsonReader reader, string where, int least, int most) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) && value >= least && value <= most
            ? value
            : throw JsonValues.Invalid($"{where} must be a whole number from {least} to {most}.", where);

    public static long Whole(ref Utf8JsonReader reader, string where) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value)
            ? value
            : throw JsonValues.Invalid($"{where} must be a whole number of 64 bits.", where);

    public static float Real(ref Utf8JsonReader reader, string where, float least, float most) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out var value) && value >= least && value <= most
            ? value
            : throw JsonValues.Invalid(FormattableString.Invariant($"{where} must be a number from {least} to {most}."), where);

    public static bool Boolean(ref Utf8JsonReader reader, string where) =>
        reader.TokenType is JsonTokenType.True or JsonTokenType.False
            ? reader.TokenType == JsonTokenType.True
            : throw JsonValues.Invalid($"{where} must be a boolean, not {JsonValues.Describe(reader.TokenType)}.", where);
}
