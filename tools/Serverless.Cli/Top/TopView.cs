using System.Globalization;
using Serverless.Cli.Models;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Serverless.Cli.Top;

/// <summary>Shows a reading: the platform, its replicas, its models, and why what is missing is.</summary>
internal static class TopView
{
    // The busiest come first.
    private const int MostModels = 20;

    // Of a table beside its rows.
    private const int TableLines = 4;

    /// <param name="reading">What to show.</param>
    /// <param name="height">Lines of the terminal, which bound how many models are shown; null for as many as there ever are.</param>
    public static IRenderable Of(PlatformReading reading, int? height = null)
    {
        var figures = new TopFigures(reading);
        var parts = new List<IRenderable> { Platform(reading, figures) };
        var remarks = TopRemarks.Of(reading).ToList();
        // Of the terminal the last line is the cursor's; one more says how many models are left out.
        var room = height - 2 - (TableLines + 1) - TableLines - remarks.Count;
        if (reading.Replicas.Value is { Count: > 0 } replicas)
        {
            parts.Add(Replicas(replicas));
            room -= TableLines + replicas.Count;
        }

        if (reading.Models.Value is { Models.Count: > 0 } models)
            parts.Add(Models(models, reading.States, figures, Math.Clamp(room ?? MostModels, 1, MostModels)));
        parts.AddRange(remarks.Select(remark => new Text(remark, new Style(Color.Yellow))));
        return new Rows(parts);
    }

    private static Table Platform(PlatformReading reading, TopFigures figures)
    {
        var table = Titled("replicas", "req/s", "5xx/s", "p99", "tokens/s", "held", "waiting", "lines", "cost/h");
        table.AddRow(
            ReplicasText(reading),
            FigureText.Number(figures.RequestsPerSecond),
            FigureText.Number(figures.FailuresPerSecond),
            FigureText.Seconds(figures.P99),
            FigureText.Number(figures.TokensPerSecond),
            FigureText.Number(figures.Held),
            FigureText.Number(figures.Waiting),
            FigureText.Number(figures.Lines),
            FigureText.Money(figures.CostPerHour));
        return table;
    }

    private static string ReplicasText(PlatformReading reading)
    {
        if (reading.Replicas.Value is not { } replicas)
            return reading.Models.Value is { } models ? models.IsAwake ? "awake" : "at zero" : FigureText.Unknown;
        return replicas.Count == 0 ? "at zero" : string.Join(", ", replicas.CountBy(replica => replica.State)
            .Select(states => string.Create(CultureInfo.InvariantCulture, $"{states.Value} {Markup.Escape(states.Key)}")));
    }

    private static Table Replicas(IReadOnlyList<ReplicaReading> replicas)
    {
        var table = Titled("replica", "state", "age", "req/s", "tokens/s", "models", "memory", "cost/h");
        foreach (var replica in replicas)
        {
            var (now, change) = (replica.Metrics.Value?.Now, replica.Metrics.Value?.Change);
            AddRow(
                table,
                replica.Replica.Name,
                replica.State,
                FigureText.Age(replica.Age),
                FigureText.Number(change?.Rate("serverless_inference_requests")),
                FigureText.Number(change?.Rate("serverless_generation_tokens_output")),
                FigureText.Number(now is null ? null : now.Sum("serverless_inference_models_loaded") ?? 0),
                now?.Sum("process_resident_memory_bytes") is { } bytes ? FileSize.Of((long)bytes) : FigureText.Unknown,
                FigureText.Money(replica.CostPerHour));
        }

        return table;
    }

    private static Table Models(ModelList models, Part<IReadOnlyDictionary<string, string>> states, TopFigures figures, int most)
    {
        var table = Titled("model", "version", "state", "req/s", "p99", "tokens/s", "waiting");
        foreach (var model in models.Models.OrderByDescending(model => figures.RequestsOf(model.Name) ?? 0).ThenBy(model => model.Name, StringComparer.Ordinal).Take(most))
        {
            AddRow(
                table,
                model.Name,
                model.Version.ToString(CultureInfo.InvariantCulture),
                !models.IsAwake ? "at zero" : states.Value is { } known ? known.GetValueOrDefault(model.Name, "not loaded") : FigureText.Unknown,
                FigureText.Number(figures.RequestsOf(model.Name)),
                FigureText.Seconds(figures.P99Of(model.Name)),
                FigureText.Number(figures.TokensOf(model.Name)),
                FigureText.Number(figures.WaitingOf(model.Name)));
        }

        if (models.Models.Count > most)
            AddRow(table, string.Create(CultureInfo.InvariantCulture, $"and {models.Models.Count - most} more"));
        return table;
    }

    // A name that is too long is cut: over several lines it would push the others out of the terminal.
    private static void AddRow(Table table, string name, params string[] figures) =>
        table.AddRow([new Text(name) { Overflow = Overflow.Ellipsis }, .. figures.Select(figure => new Text(figure))]);

    private static Table Titled(string first, params string[] others)
    {
        // Without lines between columns, so that it fits into 80 of them.
        var table = new Table().Border(TableBorder.Simple).AddColumn(first);
        foreach (var title in others)
            table.AddColumn(title, column => column.NoWrap());
        return table;
    }
}
