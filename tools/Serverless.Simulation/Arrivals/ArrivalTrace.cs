using System.Globalization;
using nietras.SeparatedValues;

namespace Serverless.Simulation;

/// <summary>
/// Arrivals from a CSV file with the columns TIMESTAMP, ContextTokens and GeneratedTokens, in the order of time, and maybe Queue: the queue that a
/// message came by, nothing for a request over HTTP.
/// Read row by row: a file of any size takes the memory of a row.
/// </summary>
public static class ArrivalTrace
{
    private const string QueueColumn = "Queue";

    private static readonly string[] Columns = ["TIMESTAMP", "ContextTokens", "GeneratedTokens"];

    /// <summary>The arrivals of a file. Times without an offset are UTC.</summary>
    /// <param name="path">The file.</param>
    /// <param name="queues">The queues that the rules know; no other is allowed.</param>
    /// <exception cref="TraceException">A row is not an arrival; said while the rows are read.</exception>
    public static IEnumerable<Arrival> Read(string path, IEnumerable<string> queues)
    {
        using var reader = Sep.Reader(options => options with { Sep = new Sep(','), DisableColCountCheck = true }).FromFile(path);
        foreach (var arrival in Read(reader, Path.GetFileName(path), [.. queues]))
            yield return arrival;
    }

    private static IEnumerable<Arrival> Read(SepReader reader, string name, string[] queues)
    {
        var indices = Array.ConvertAll(Columns, column => reader.Header.TryIndexOf(column, out var index)
            ? index
            : throw new TraceException($"{name}, line 1: the column {column} is missing; {string.Join(", ", Columns)} are needed."));
        var queueIndex = reader.Header.TryIndexOf(QueueColumn, out var found) ? found : -1;
        var columns = Math.Max(indices.Max(), queueIndex) + 1;
        var last = DateTimeOffset.MinValue;
        while (reader.MoveNext())
        {
            var row = reader.Current;
            if (row.Span.IsWhiteSpace())
                continue;

            if (row.ColCount < columns)
                throw new TraceException($"{name}, line {row.LineNumberFrom}: {row.ColCount} columns; as many as in the first line are needed.");

            var arrival = Parse(row, indices, name) with { Queue = queueIndex < 0 ? null : Queue(row, queueIndex, name, queues) };
            if (arrival.At < last)
                throw new TraceException($"{name}, line {row.LineNumberFrom}: {arrival.At:O} is before the row above; times may only grow.");

            last = arrival.At;
            yield return arrival;
        }
    }

    private static Arrival Parse(SepReader.Row row, int[] indices, string name)
    {
        var time = row[indices[0]].Span;
        if (!DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            throw Wrong(row, name, Columns[0], time, "a time such as 2023-11-16 18:17:03.98 is allowed");

        return new Arrival(at, Tokens(row, indices, name, 1), Tokens(row, indices, name, 2));
    }

    private static int Tokens(SepReader.Row row, int[] indices, string name, int column)
    {
        var text = row[indices[column]].Span;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var tokens)
            ? tokens
            : throw Wrong(row, name, Columns[column], text, $"a whole number from 0 to {int.MaxValue} is allowed");
    }

    private static string? Queue(SepReader.Row row, int index, string name, string[] queues)
    {
        var text = row[index].Span;
        if (text.IsWhiteSpace())
            return null;

        foreach (var queue in queues)
        {
            if (text.SequenceEqual(queue))
                return queue;
        }

        throw Wrong(row, name, QueueColumn, text, $"{string.Join(", ", queues)} or nothing is allowed");
    }

    private static TraceException Wrong(SepReader.Row row, string name, string column, ReadOnlySpan<char> text, string allowed) =>
        new($"{name}, line {row.LineNumberFrom}: {column} is \"{text[..Math.Min(text.Length, 40)]}\"; {allowed}.");
}
