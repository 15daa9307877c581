using System.Diagnostics;
using System.Globalization;
using Serverless.Cli.Inference;
using Spectre.Console;

namespace Serverless.Cli.Demo;

/// <summary>Collects the demo's answers and timings and prints them.</summary>
internal sealed class DemoLog(IAnsiConsole console)
{
    private readonly List<DemoCheck> _checks = [];
    private readonly List<DemoTiming> _timings = [];
    private readonly List<Table> _tables = [];

    public bool AllRight => _checks.Count > 0 && _checks.All(check => check.IsRight);

    /// <summary>Runs a step and says that it is done.</summary>
    public async Task<T> StepAsync<T>(string what, Func<Task<T>> step, Func<T, string>? remark = null)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await step();
        var timing = new DemoTiming(what, Stopwatch.GetElapsedTime(start), remark?.Invoke(result) ?? "");
        _timings.Add(timing);
        console.MarkupLineInterpolated($"[green]✓[/] {timing.What} [grey]{Milliseconds(timing.Took)}[/] {timing.Remark}");
        return result;
    }

    public void Add(Table table) => _tables.Add(table);

    public void Add(DemoTiming timing) => _timings.Add(timing);

    public void Check(string way, string what, double expected, double actual) => _checks.Add(new DemoCheck(way, what, expected, actual));

    /// <summary>Checks the cosines of the first embedding with each of the others against the published ones.</summary>
    public void CheckCosines(string way, float[][] embeddings)
    {
        for (var i = 0; i < DemoSentences.Cosines.Length; i++)
        {
            Check(way, $"cosine of sentences 1 and {i + 2}", DemoSentences.Cosines[i],
                i + 1 < embeddings.Length ? Embeddings.Cosine(embeddings[0], embeddings[i + 1]) : double.NaN);
        }
    }

    public void Print()
    {
        var answers = new Table().Border(TableBorder.Rounded).Title("Answers").AddColumns("way", "what", "expected", "answered", "");
        foreach (var check in _checks)
        {
            answers.AddRow(
                Markup.Escape(check.Way),
                Markup.Escape(check.What),
                check.Expected.ToString("0.00000", CultureInfo.InvariantCulture),
                check.Actual.ToString("0.00000", CultureInfo.InvariantCulture),
                check.IsRight ? "[green]right[/]" : "[red]WRONG[/]");
        }

        var timings = new Table().Border(TableBorder.Rounded).Title("Timings").AddColumn("what")
            .AddColumn(new TableColumn("took").RightAligned()).AddColumn("remark");
        foreach (var timing in _timings)
            timings.AddRow(Markup.Escape(timing.What), Milliseconds(timing.Took), Markup.Escape(timing.Remark));
        console.Write(answers);
        console.Write(timings);
        foreach (var table in _tables)
            console.Write(table);
    }

    public static string Milliseconds(TimeSpan took) =>
        string.Create(CultureInfo.InvariantCulture, $"{took.TotalMilliseconds:N1} ms");
}
