using System.Text;
using System.Text.Json;

namespace Serverless.Worker.Json;

/// <summary>
/// A place in a JSON text, for readers that look at bytes themselves where that is what costs: the arrays of a tensor. Everything else goes
/// through <see cref="Utf8JsonReader"/> over the rest of the text. Faults of syntax are a <see cref="JsonException"/> without a position:
/// <see cref="JsonBodies.NotJson"/> finds it.
/// </summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> text)
{
    // 64 in all; values that a reader sees lie three deep at most.
    private const int MaxDepth = 61;

    public ReadOnlySpan<byte> Text { get; } = text;

    public int Position { get; set; }

    public readonly int BytesLeft => Text.Length - Position;

    /// <summary>The next byte that is not white space, which stays where it is; 0 at the end.</summary>
    public byte Peek()
    {
        var position = Position;
        while (position < Text.Length && Text[position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            position++;
        Position = position;
        return position < Text.Length ? Text[position] : (byte)0;
    }

    public bool TryTake(char wanted)
    {
        if (Peek() != wanted)
            return false;
        Position++;
        return true;
    }

    public void Take(char wanted)
    {
        if (!TryTake(wanted))
            throw Fault();
    }

    /// <summary>Opens an array or an object.</summary>
    public void Open(char wanted, string where)
    {
        if (Peek() != wanted)
            throw JsonValues.Invalid($"{where} must be {JsonValues.Describe(TypeOf((byte)wanted))}, not {JsonValues.Describe(PeekType())}.", where);
        Position++;
    }

    /// <summary>Moves on to the next item of an array or an object; false at its end, which is taken.</summary>
    public bool Next(char end, ref bool first)
    {
        var isFirst = first;
        first = false;
        if (TryTake(end))
            return false;
        if (isFirst)
            return true;
        Take(',');
        return Peek() != end ? true : throw Fault();
    }

    /// <summary>The name of a property, and the colon after it.</summary>
    public ReadOnlySpan<byte> TakeName()
    {
        if (Peek() != '"')
            throw Fault();
        var name = TakeText("a property's name");
        Take(':');
        return name;
    }

    /// <summary>A string in which nothing is escaped; false when it is another one, or none.</summary>
    public bool TryTakePlainText(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (Peek() != '"')
            return false;
        var rest = Text[(Position + 1)..];
        var end = rest.IndexOfAny((byte)'"', (byte)'\\');
        if (end < 0 || rest[end] != '"' || rest[..end].IndexOfAnyInRange((byte)0, (byte)0x1f) >= 0)
            return false;
        text = rest[..end];
        Position += end + 2;
        return true;
    }

    /// <summary>A string's bytes, unescaped.</summary>
    public ReadOnlySpan<byte> TakeText(string where)
    {
        if (TryTakePlainText(out var text))
            return text;
        var reader = Reader();
        reader.Read();
        var unescaped = JsonValues.String(ref reader, where);
        Skip(reader.BytesConsumed);
        return Encoding.UTF8.GetBytes(unescaped);
    }

    /// <summary>A reader that starts at the value at hand; what it has read is to be skipped.</summary>
    public readonly Utf8JsonReader Reader() => new(Text[Position..], new JsonReaderOptions { MaxDepth = MaxDepth });

    public void Skip(long bytes) => Position += (int)bytes;

    /// <summary>Passes over a value, whatever it is.</summary>
    public void Skip()
    {
        var reader = Reader();
        reader.Read();
        reader.Skip();
        Skip(reader.BytesConsumed);
    }

    public JsonTokenType PeekType() => TypeOf(Peek());

    public static JsonException Fault() => new();

    private static JsonTokenType TypeOf(byte first) => first switch
    {
        (byte)'{' => JsonTokenType.StartObject,
        (byte)'[' => JsonTokenType.StartArray,
        (byte)'"' => JsonTokenType.String,
        (byte)'t' => JsonTokenType.True,
        (byte)'f' => JsonTokenType.False,
        (byte)'n' => JsonTokenType.Null,
        (byte)'-' or (>= (byte)'0' and <= (byte)'9') => JsonTokenType.Number,
        _ => throw Fault(),
    };
}
