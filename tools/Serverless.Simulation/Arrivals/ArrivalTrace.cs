using System.Globalization;
using nietras.SeparatedValues;

namespace Serverless.Simulation;

/// <summary>
/// Arrivals from a CSV file with the columns TIMESTAMP, ContextTokens and GeneratedTokens, in the order of time.
/// Read row by row: a file of any size takes the memory of a row.
/// </summary>
public static class ArrivalTrace
{
    private static readonly string[] Columns = ["TIMESTAMP", "ContextTokens", "GeneratedTokens"];

    /// <summary>The arrivals of a file. Times without an offset are UTC.</summary>
    /// <exception cref="TraceException">A row is not an arrival; said while the rows are read.</exception>
    public static IEnumerable<Arrival> Read(string path)
    {
        using var reader = Sep.Reader(options => options with { Sep = new Sep(','), DisableColCountCheck = true }).FromFile(path);
        foreach (var arrival in Read(reader, Path.GetFileName(path)))
            yield return arrival;
    }

    internal static IEnumerable<Arrival> Read(SepReader reader, string name)
    {
        var indices = Array.ConvertAll(Columns, column => reader.Header.TryIndexOf(column, out var index)
            ? index
            : throw new TraceException($"{name}, line 1: the column {column} is missing; {string.Join(", ", Columns)} are needed."));
        var last = DateTimeOffset.MinValue;
        while (reader.MoveNext())
        {
            var row = reader.Current;
            if (row.Span.IsWhiteSpace())
                continue;

            var arrival = Parse(row, indices, name);
            if (arrival.At < last)
                throw new TraceException($"{name}, line {row.LineNumberFrom}: {arrival.At:O} is before the row above; times may only grow.");

            last = arrival.At;
            yield return arrival;
        }
    }

    private static Arrival Parse(SepReader.Row row, int[] indices, string name)
    {
        if (row.ColCount <= indices.Max())
            throw new TraceException($"{name}, line {row.LineNumberFrom}: {row.ColCount} columns; as many as in the first line are needed.");

        var time = row[indices[0]].Span;
        if (!DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            throw Wrong(row, name, 0, time, "a time such as 2023-11-16 18:17:03.98 is allowed");

        return new Arrival(at, Tokens(row, indices, name, 1), Tokens(row, indices, name, 2));
    }

    private static int Tokens(SepReader.Row row, int[] indices, string name, int column)
    {
        var text = row[indices[column]].Span;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var tokens)
            ? tokens
            : throw Wrong(row, name, column, text, $"a whole number from 0 to {int.MaxValue} is allowed");
    }

    private static TraceException Wrong(SepReader.Row row, string name, int column, ReadOnlySpan<char> text, string allowed) =>
        new($"{name}, line {row.LineNumberFrom}: {Columns[column]} is \"{text[..Math.Min(text.Length, 40)]}\"; {allowed}.");
}
