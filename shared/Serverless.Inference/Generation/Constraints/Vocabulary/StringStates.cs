namespace Serverless.Inference.Generation.Constraints.Vocabulary;

/// <summary>
/// The inside of a JSON string, byte by byte: valid UTF-8 without control characters, escapes, and surrogates in pairs only. A state is one
/// byte, so that whole vocabularies can be run through it.
/// </summary>
internal static class StringStates
{
    public const byte Dead = 0;

    /// <summary>The closing quote was read.</summary>
    public const byte Closed = 1;

    /// <summary>Between characters.</summary>
    public const byte Body = 2;

    /// <summary>After a backslash.</summary>
    public const byte Escape = 3;

    private const byte HexFirst = 4;
    private const byte HexAfterD = 5;
    private const byte ThreeHex = 6;
    private const byte TwoHex = 7;
    private const byte OneHex = 8;
    private const byte HighTwoHex = 9;
    private const byte HighOneHex = 10;
    private const byte LowBackslash = 11;
    private const byte LowU = 12;
    private const byte LowD = 13;
    private const byte LowHex = 14;
    private const byte OneTail = 15;
    private const byte TwoTails = 16;
    private const byte ThreeTails = 17;
    private const byte AfterE0 = 18;
    private const byte AfterEd = 19;
    private const byte AfterF0 = 20;
    private const byte AfterF4 = 21;
    private const int Count = 22;

    private static readonly byte[] Table = CreateTable();

    public static byte Next(byte state, byte value) => Table[(state << 8) | value];

    private static byte[] CreateTable()
    {
        var table = new byte[Count << 8];
        AddBody(table);
        AddEscapes(table);
        AddTails(table);
        return table;
    }

    private static void AddBody(byte[] table)
    {
        Add(table, Body, 0x20, 0x7F, Body);
        Add(table, Body, (byte)'"', (byte)'"', Closed);
        Add(table, Body, (byte)'\\', (byte)'\\', Escape);
        Add(table, Body, 0xC2, 0xDF, OneTail);
        Add(table, Body, 0xE1, 0xEF, TwoTails);
        Add(table, Body, 0xF1, 0xF3, ThreeTails);
        Add(table, Body, 0xE0, 0xE0, AfterE0);
        Add(table, Body, 0xED, 0xED, AfterEd);
        Add(table, Body, 0xF0, 0xF0, AfterF0);
        Add(table, Body, 0xF4, 0xF4, AfterF4);
    }

    private static void AddEscapes(byte[] table)
    {
        foreach (var escaped in "\"\\/bfnrt"u8)
            Add(table, Escape, escaped, escaped, Body);
        Add(table, Escape, (byte)'u', (byte)'u', HexFirst);
        AddHex(table, HexFirst, '0', 'F', ThreeHex);
        AddHex(table, HexFirst, 'D', 'D', HexAfterD);
        AddHex(table, HexAfterD, '0', '7', TwoHex);
        AddHex(table, HexAfterD, '8', 'B', HighTwoHex);
        AddHex(table, ThreeHex, '0', 'F', TwoHex);
        AddHex(table, TwoHex, '0', 'F', OneHex);
        AddHex(table, OneHex, '0', 'F', Body);
        AddHex(table, HighTwoHex, '0', 'F', HighOneHex);
        AddHex(table, HighOneHex, '0', 'F', LowBackslash);
        Add(table, LowBackslash, (byte)'\\', (byte)'\\', LowU);
        Add(table, LowU, (byte)'u', (byte)'u', LowD);
        AddHex(table, LowD, 'D', 'D', LowHex);
        AddHex(table, LowHex, 'C', 'F', TwoHex);
    }

    private static void AddTails(byte[] table)
    {
        Add(table, OneTail, 0x80, 0xBF, Body);
        Add(table, TwoTails, 0x80, 0xBF, OneTail);
        Add(table, ThreeTails, 0x80, 0xBF, TwoTails);
        Add(table, AfterE0, 0xA0, 0xBF, OneTail);
        Add(table, AfterEd, 0x80, 0x9F, OneTail);
        Add(table, AfterF0, 0x90, 0xBF, TwoTails);
        Add(table, AfterF4, 0x80, 0x8F, TwoTails);
    }

    private static void AddHex(byte[] table, byte from, char first, char last, byte to)
    {
        foreach (var digit in "0123456789ABCDEF".Where(digit => digit >= first && digit <= last))
        {
            Add(table, from, (byte)digit, (byte)digit, to);
            Add(table, from, (byte)char.ToLowerInvariant(digit), (byte)char.ToLowerInvariant(digit), to);
        }
    }

    private static void Add(byte[] table, byte from, byte first, byte last, byte to) =>
        table.AsSpan((from << 8) | first, last - first + 1).Fill(to);
}
