using System.Text.Json;

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
    }

    internal readonly struct UInt8 : IJsonElement<byte>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out byte element)
        {
            element = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetByte(out element);
        }
    }

    internal readonly struct UInt16 : IJsonElement<ushort>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out ushort element)
        {
            element = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetUInt16(out element);
        }
    }

    internal readonly struct UInt32 : IJsonElement<uint>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out uint element)
        {
            element = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetUInt32(out element);
        }
    }

    internal readonly struct UInt64 : IJsonElement<ulong>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out ulong element)
        {
            element = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out element);
        }
    }

    internal readonly struct Int8 : IJsonElement<sbyte>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out sbyte element)
        {
            element = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetSByte(out element);
        }
    }

    internal readonly struct Int16 : IJsonElement<short>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out short element)
        {
            element = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetInt16(out element);
        }
    }

    internal readonly struct Int32 : IJsonElement<int>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out int element)
        {
            element = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out element);
        }
    }

    internal readonly struct Int64 : IJsonElement<long>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out long element)
        {
            element = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out element);
        }
    }

    // Numbers too large for the type are read as infinity, which JSON cannot mean.
    internal readonly struct Fp32 : IJsonElement<float>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out float element)
        {
            element = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out element) && float.IsFinite(element);
        }
    }

    internal readonly struct Fp64 : IJsonElement<double>
    {
        public static bool TryRead(ref Utf8JsonReader reader, out double element)
        {
            element = 0;
            return reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out element) && double.IsFinite(element);
        }
    }
}
