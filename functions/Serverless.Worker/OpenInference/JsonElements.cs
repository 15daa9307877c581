using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Serverless.Worker.Json;

namespace Serverless.Worker.OpenInference;

/// <summary>The elements of every datatype that JSON can carry.</summary>
internal static class JsonElements
{
    internal readonly struct Bool : IJsonElement<bool>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out bool element)
        {
            element = reader.TokenType == JsonTokenType.True;
            return element || reader.TokenType == JsonTokenType.False;
        }

        public static bool TryScan(ReadOnlySpan<byte> text, ref int position, out bool element)
        {
            var rest = text[position..];
            element = rest.StartsWith("true"u8);
            if (!element && !rest.StartsWith("false"u8))
                return false;
            position += element ? 4 : 5;
            return true;
        }
    }

    internal readonly struct Whole<T> : IJsonElement<T>
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out T element)
        {
            element = default;
            return reader.TokenType == JsonTokenType.Number
                && T.TryParse(reader.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out element);
        }

        public static bool TryScan(ReadOnlySpan<byte> text, ref int position, out T element)
        {
            element = default;
            if (!DecimalScanner.TryScanWhole(text, ref position, out var number)
                || number < long.CreateSaturating(T.MinValue)
                || number > long.CreateSaturating(T.MaxValue))
            {
                return false;
            }

            element = T.CreateTruncating(number);
            return true;
        }
    }

    // Numbers too large for the type are read as infinity, which JSON cannot mean. Utf8Parser, which the reader's own methods use, rounds
    // some midpoints between two floats the wrong way when they are written with more digits than a double has.
    internal readonly struct Fp32 : IJsonElement<float>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out float element)
        {
            element = 0;
            return reader.TokenType == JsonTokenType.Number && TryParse(reader.ValueSpan, out element);
        }

        public static bool TryScan(ReadOnlySpan<byte> text, ref int position, out float element)
        {
            var start = position;
            if (ShortDecimals.TryRead(text, ref position, out element))
                return true;
            position = start;
            if (!DecimalScanner.TryScan(text, ref position, out var number))
                return false;
            return DecimalScanner.TryToSingle(number, out element)
                || TryParse(text[start..position], out element);
        }

        private static bool TryParse(ReadOnlySpan<byte> text, out float element) =>
            float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out element) && float.IsFinite(element);
    }

    internal readonly struct Fp64 : IJsonElement<double>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out double element)
        {
            element = 0;
            return reader.TokenType == JsonTokenType.Number && TryParse(reader.ValueSpan, out element);
        }

        public static bool TryScan(ReadOnlySpan<byte> text, ref int position, out double element)
        {
            element = 0;
            var start = position;
            if (!DecimalScanner.TryScan(text, ref position, out var number))
                return false;
            return DecimalScanner.TryToDouble(number, out element)
                || TryParse(text[start..position], out element);
        }

        private static bool TryParse(ReadOnlySpan<byte> text, out double element) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out element) && double.IsFinite(element);
    }
}
