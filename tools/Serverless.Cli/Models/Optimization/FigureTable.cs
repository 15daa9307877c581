using System.Globalization;
using Serverless.Models.Manifest;
using Serverless.Optimization.Evaluation;
using Spectre.Console;

namespace Serverless.Cli.Models.Optimization;

/// <summary>Figures of a candidate for people.</summary>
internal static class FigureTable
{
    public static Table Of(IReadOnlyList<EvaluationFigure> figures)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("figure", "value", "asked for", "");
        foreach (var figure in figures)
            table.AddRow(Markup.Escape(figure.Name), Number(figure.Value), Bound(figure), figure.IsMet ? "[green]met[/]" : "[red]missed[/]");
        return table;
    }

    public static string Describe(EvaluationFigure figure) => $"{figure.Name} is {Number(figure.Value)} where {Bound(figure)} is asked for";

    public static double PackedSize(LineageRecord lineage) =>
        lineage.Figures.FirstOrDefault(figure => figure.Name == FigureNames.PackedSize)?.Value ?? double.MaxValue;

    public static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Bound(EvaluationFigure figure) => figure switch
    {
        { Least: { } least } => $"at least {Number(least)}",
        { Most: { } most } => $"at most {Number(most)}",
        _ => "",
    };
}
