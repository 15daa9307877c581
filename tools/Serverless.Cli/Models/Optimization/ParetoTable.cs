using Serverless.Models.Manifest;
using Serverless.Optimization.Candidates;
using Serverless.Optimization.Evaluation;
using Spectre.Console;

namespace Serverless.Cli.Models.Optimization;

/// <summary>Candidates beside one another; those that no other beats in size, accuracy and speed at once are marked.</summary>
internal static class ParetoTable
{
    public static Table Of(IReadOnlyList<Candidate> candidates)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("", "candidate", "stored", "in memory", "accuracy", "throughput", "batch", "gate");
        foreach (var candidate in candidates.OrderBy(candidate => Value(candidate, FigureNames.PackedSize)))
        {
            var accuracy = AccuracyOf(candidate);
            table.AddRow(
                IsBest(candidate, candidates) ? "[green]●[/]" : "",
                Markup.Escape(PassText.Short(candidate.Lineage.Passes)),
                FigureTable.Number(Value(candidate, FigureNames.PackedSize)),
                FigureTable.Number(Value(candidate, FigureNames.Size)),
                Markup.Escape($"{accuracy.Name} {FigureTable.Number(accuracy.Value)}"),
                FigureTable.Number(Value(candidate, FigureNames.Throughput)),
                FigureTable.Number(candidate.Batching.MaxBatch),
                candidate.IsAccepted ? "[green]accepted[/]" : "[red]refused[/]");
        }

        return table;
    }

    /// <summary>Whether no other candidate is at least as good in everything and better in something.</summary>
    public static bool IsBest(Candidate candidate, IReadOnlyList<Candidate> candidates) =>
        !candidates.Any(other => other != candidate && Beats(Costs(other), Costs(candidate)));

    /// <summary>Cosine, or for decoders how much worse texts are foretold.</summary>
    public static EvaluationFigure AccuracyOf(Candidate candidate) => candidate.Lineage.Figures.First(figure =>
        figure.Name is FigureNames.Cosine or FigureNames.Perplexity);

    public static double Value(Candidate candidate, string name) => candidate.Lineage.Figures.First(figure => figure.Name == name).Value;

    internal static bool Beats(double[] one, double[] other) =>
        one.Zip(other).All(pair => pair.First <= pair.Second) && one.Zip(other).Any(pair => pair.First < pair.Second);

    private static double[] Costs(Candidate candidate)
    {
        var accuracy = AccuracyOf(candidate);
        return
        [
            Value(candidate, FigureNames.PackedSize),
            accuracy.Name == FigureNames.Cosine ? -accuracy.Value : accuracy.Value,
            -Value(candidate, FigureNames.Throughput),
        ];
    }
}
