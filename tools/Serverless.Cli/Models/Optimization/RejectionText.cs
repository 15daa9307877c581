using Serverless.Models.Rejections;

namespace Serverless.Cli.Models.Optimization;

/// <summary>Refusals for people.</summary>
internal static class RejectionText
{
    public static string Of(RejectedCandidate report)
    {
        var missed = report.Lineage.Figures.Where(figure => !figure.IsMet).Select(FigureTable.Describe);
        return $"{PassText.Of(report.Lineage.Passes)} on version {report.Lineage.Parent}: {string.Join("; ", missed)}";
    }
}
