using Serverless.Optimization.Candidates;
using Serverless.Optimization.Evaluation;

namespace Serverless.Cli.Models.Optimization;

/// <summary>Draws candidates by size and accuracy.</summary>
internal static class ParetoPlot
{
    private const int Width = 1000;
    private const int Height = 700;

    public static void Save(IReadOnlyList<Candidate> candidates, string model, string path)
    {
        using var plot = new ScottPlot.Plot();
        foreach (var candidate in candidates)
        {
            var (x, y) = (ParetoTable.Value(candidate, FigureNames.PackedSize), ParetoTable.AccuracyOf(candidate).Value);
            var colour = candidate.IsAccepted ? ScottPlot.Colors.Green : ScottPlot.Colors.Red;
            var isBest = ParetoTable.IsBest(candidate, candidates);
            plot.Add.Marker(x, y, isBest ? ScottPlot.MarkerShape.FilledCircle : ScottPlot.MarkerShape.OpenCircle, 12, colour);
            plot.Add.Text(PassText.Short(candidate.Lineage.Passes), x, y);
        }

        plot.Title($"{model}: candidates (filled: none beats it; green: accepted)");
        plot.XLabel("stored size over the parent's");
        plot.YLabel(ParetoTable.AccuracyOf(candidates[0]).Name);
        plot.SavePng(path, Width, Height);
    }
}
