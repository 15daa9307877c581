using ScottPlot;

namespace Serverless.Benchmarks.Compression;

/// <summary>Draws for each model how large passes leave it and how right, and below how it is served.</summary>
internal static class CompressionPlot
{
    private const int Width = 600;
    private const int Height = 500;

    public static void Save(IReadOnlyList<CompressionRow> rows, string path)
    {
        var models = rows.GroupBy(row => row.Model).ToList();
        var plots = new Multiplot { Layout = new ScottPlot.MultiplotLayouts.Grid(2, models.Count) };
        plots.AddPlots(2 * models.Count);
        for (var i = 0; i < models.Count; i++)
        {
            var accuracy = models[i].First().AccuracyName;
            Draw(plots.GetPlot(i), models[i], row => row.Packed, row => row.Accuracy);
            Describe(plots.GetPlot(i), models[i].Key, "stored size over the parent's", accuracy);
            Draw(plots.GetPlot(models.Count + i), models[i], row => row.ColdStart, row => row.Throughput);
            Describe(plots.GetPlot(models.Count + i), models[i].Key, "time of a cold start over the parent's", "throughput over the parent's");
        }

        plots.SavePng(path, models.Count * Width, 2 * Height);
    }

    private static void Draw(
        Plot plot, IEnumerable<CompressionRow> rows, Func<CompressionRow, double> across, Func<CompressionRow, double> up)
    {
        foreach (var row in rows)
        {
            plot.Add.Marker(across(row), up(row), MarkerShape.FilledCircle, 8);
            var label = plot.Add.Text(row.Pass, across(row), up(row));
            label.LabelFontSize = 10;
            label.OffsetX = 5;
        }

        // Labels stand to the right of their places.
        plot.Axes.Margins(0.1, 0.1);
        plot.Axes.AutoScale();
        var limits = plot.Axes.GetLimits();
        plot.Axes.SetLimitsX(limits.Left, limits.Right + (0.7 * limits.HorizontalSpan));
    }

    private static void Describe(Plot plot, string model, string across, string up)
    {
        plot.Title(model);
        plot.XLabel(across);
        plot.YLabel(up);
    }
}
